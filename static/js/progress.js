// Counts the answered items of a long form, by section and in all, as they are answered.
// <form data-module="progress"> holds [data-section] with [data-item]; the counts are written to
// [data-progress-for="section"] and [data-progress-total] anywhere on the page. Items that
// relevance.js hides do not count.

import { announce, fill } from "./announce.js";

// An item is answered when one of the controls that carry its answer (named "item",
// "item.field", or "state.item" for 不适用 and 未检) has a value; notes and photos do not count.
function isAnswered(item) {
  const id = item.dataset.item;
  return [...item.querySelectorAll("input, select, textarea")].some((control) => {
    if (![id, `state.${id}`].includes(control.name) && !control.name.startsWith(`${id}.`)) return false;
    if (["radio", "checkbox"].includes(control.type)) return control.checked && control.value !== "";
    return control.value.trim() !== "";
  });
}

function count(items) {
  const shown = [...items].filter((item) => !item.closest("[hidden]"));
  return { done: shown.filter(isAnswered).length, total: shown.length };
}

function drawSection(section) {
  const { done, total } = count(section.querySelectorAll("[data-item]"));
  const name = CSS.escape(section.dataset.section);
  const full = total > 0 && done === total;
  for (const place of document.querySelectorAll(`[data-progress-for="${name}"]`)) {
    place.querySelector("[data-progress-text]").textContent = `${done}/${total}`;
    place.classList.toggle("section-nav__count--full", full);
    const entry = place.closest("li");
    if (entry) entry.hidden = total === 0;
  }
  return full;
}

export default function progress(form) {
  const sections = [...form.querySelectorAll("[data-section]")];
  let fullBefore = sections.length;

  function draw() {
    const all = count(form.querySelectorAll("[data-item]"));
    const full = sections.filter(drawSection).length;
    for (const place of document.querySelectorAll("[data-progress-total]")) {
      place.textContent = fill(place.dataset.text, all);
      // Said once for each section that is finished, not after every answer.
      if (full > fullBefore) announce(place.textContent);
    }
    fullBefore = full;
  }

  const nav = document.querySelector(".section-nav__box");
  if (nav) nav.open = matchMedia("(min-width: 64em)").matches;
  form.addEventListener("input", draw);
  form.addEventListener("relevance", draw);
  draw();
}
