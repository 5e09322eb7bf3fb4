// One inspection on the screen: the questions, what was answered, and each answer kept at once.

import clearFocus from "../js/clear-focus.js";
import geolocate from "../js/geolocate.js";
import progress from "../js/progress.js";
import relevance from "../js/relevance.js";
import { read, write } from "./answers.js";
import { app, banner, language, make, own, say, show, slotOf, tell } from "./dom.js";
import { luggage, questions } from "./luggage.js";
import { queue } from "./outbox.js";
import { attachPictures } from "./pictures.js";
import { firstProblem, showProblems } from "./problems.js";
import { attachSteps } from "./steps.js";
import { changeDraft, draft as readDraft } from "./store.js";

const PAUSE_MS = 250;
let leaveLast = () => {};

export async function showSheet(id) {
  await leaveLast();
  const draft = await readDraft(id);
  const html = draft && await questions(draft.pages[language]);
  if (!html) return banner("list", "warn", say("no_list"));
  banner("list", "", "");
  const title = say(draft.verifies ? "recheck" : "inspect", { place: draft.facility.name });
  const piece = make("sheet", { heading: title, list: own(draft.title) });
  fillQuestions(piece, html, draft);
  show(piece, title);
  await attach(app, draft);
  return undefined;
}

function fillQuestions(piece, html, draft) {
  const parsed = new DOMParser().parseFromString(html, "text/html");
  const form = piece.querySelector("form");
  form.dataset.facts = JSON.stringify(draft.facility.facts);
  slotOf(piece, "questions").append(...parsed.querySelector("[data-questions]").children);
  if (draft.verifies) keepOne(form, draft.item);
  else slotOf(piece, "sections").replaceWith(parsed.querySelector(".section-nav"));
  write(form, draft.typed);
}

// A re-check has one question, and it must be judged.
function keepOne(form, item) {
  for (const one of form.querySelectorAll("[data-item]")) {
    if (one.dataset.item !== item) one.remove();
    else delete one.dataset.relevance;
  }
  for (const section of form.querySelectorAll("[data-section]:not(#section-whole)")) {
    if (!section.querySelector("[data-item]")) section.remove();
  }
  for (const choice of form.querySelectorAll('input[value="na"], input[value="unchecked"]')) choice.closest(".choice").remove();
  form.querySelector(".item__number")?.remove();
}

async function attach(sheet, draft) {
  const form = sheet.querySelector("form");
  relevance(form);
  progress(form);
  clearFocus(form.querySelector(".sticky-bar"));
  form.querySelectorAll(".position").forEach(geolocate);
  for (const field of form.querySelectorAll('[data-module="photo-input"]')) {
    attachPictures(field, draft.id, field.closest("[data-item]").dataset.item, draft.photos);
  }
  await markFound(form, draft);
  showProblems(sheet, draft.problems ?? {});
  attachSteps(sheet, firstProblem(form));
  keepTyping(sheet, form, draft.id);
}

async function markFound(form, draft) {
  if (draft.verifies) return;
  const here = (await luggage())?.findings.filter((one) => one.facility === draft.facility.id) ?? [];
  for (const finding of here) {
    const item = form.querySelector(`[data-item="${CSS.escape(finding.item)}"]`);
    item?.querySelector(".item__head")?.after(make("notice-info", { text: say("found_before", finding) }));
  }
}

function keepTyping(sheet, form, id) {
  let timer;
  const saved = slotOf(sheet, "saved");
  const save = async () => {
    clearTimeout(timer);
    timer = null;
    try {
      const typed = read(form);
      await changeDraft(id, (one) => {
        if (JSON.stringify(one.typed) === JSON.stringify(typed)) return false;
        return Object.assign(one, { typed, state: "draft", saved_at: new Date().toISOString() });
      });
      saved.textContent = say("saved");
    } catch (error) {
      banner("save", "danger", say("not_kept", { reason: error.message }));
    }
  };
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE_MS);
  };
  const hide = () => { if (document.hidden) save(); };
  form.addEventListener("input", soon);
  form.addEventListener("change", save);
  document.addEventListener("visibilitychange", hide);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    await save();
    queue(id);
    tell("queued_now");
    location.hash = "#/";
  });
  leaveLast = async () => {
    document.removeEventListener("visibilitychange", hide);
    if (timer) await save();
    leaveLast = () => {};
  };
}

export const leaveSheet = () => leaveLast();
