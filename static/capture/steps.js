// One question at a time, for those who want it; the rest is only out of sight.

import { announce } from "../js/announce.js";
import { partOf, say, slotOf } from "./dom.js";

const WISH = "tantu-capture-steps";

export function attachSteps(sheet, first = null) {
  const form = sheet.querySelector("form");
  const button = partOf(sheet, "steps");
  const bar = slotOf(sheet, "steps");
  let isOn = localStorage.getItem(WISH) === "on";
  let at = 0;

  const whole = form.querySelector("#section-whole");
  const asked = () => [...form.querySelectorAll("[data-item]:not([hidden])"), whole].filter(Boolean);

  function draw(focus = false) {
    const all = asked();
    at = Math.max(0, Math.min(at, all.length - 1));
    button.setAttribute("aria-pressed", String(isOn));
    bar.hidden = !isOn;
    for (const one of form.querySelectorAll("[data-item], #section-whole")) {
      one.classList.toggle("is-elsewhere", isOn && one !== all[at]);
    }
    for (const section of form.querySelectorAll("[data-section]:not(#section-whole)")) {
      section.classList.toggle("is-elsewhere", isOn && !section.contains(all[at]));
    }
    const text = say("step", { number: at + 1, total: all.length });
    slotOf(sheet, "step").textContent = isOn ? text : "";
    partOf(sheet, "previous").setAttribute("aria-disabled", String(at === 0));
    partOf(sheet, "next").setAttribute("aria-disabled", String(at === all.length - 1));
    if (!focus) return;
    announce(text);
    all[at].tabIndex = -1;
    all[at].focus();
    all[at].scrollIntoView({ block: "start" });
  }

  function go(to) {
    if (to < 0 || to >= asked().length) return;
    at = to;
    draw(true);
  }

  button.addEventListener("click", () => {
    isOn = !isOn;
    localStorage.setItem(WISH, isOn ? "on" : "off");
    draw();
  });
  partOf(sheet, "previous").addEventListener("click", () => go(at - 1));
  partOf(sheet, "next").addEventListener("click", () => go(at + 1));
  form.addEventListener("relevance", () => draw());
  form.addEventListener("goto", ({ target }) => {
    const place = asked().findIndex((one) => one.contains(target) || target.contains(one));
    if (!isOn || place < 0) return;
    at = place;
    draw();
  });
  if (first) at = Math.max(0, asked().findIndex((one) => one.contains(first)));
  draw();
}
