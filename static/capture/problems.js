// What is wrong, beside its field and in a list at the top; nothing that was typed is touched.

import { make, say, slotOf } from "./dom.js";

function fieldOf(form, name) {
  const named = form.querySelector(`[name="${CSS.escape(name)}"]`) ?? form.querySelector(`[data-item="${CSS.escape(name)}"] .field`);
  return named?.closest("fieldset.field") ?? named?.closest(".field") ?? named;
}

function mark(form, name, text) {
  const field = fieldOf(form, name);
  if (!field) return "";
  const id = `problem-${name}`;
  const line = document.createElement("p");
  Object.assign(line, { className: "field__error", id, textContent: text });
  field.classList.add("field--error");
  (field.querySelector(".field__label") ?? field.firstElementChild).after(line);
  const control = field.matches("fieldset") ? field : field.querySelector("input, textarea, select");
  control.setAttribute("aria-describedby", `${control.getAttribute("aria-describedby") ?? ""} ${id}`.trim());
  if (!field.matches("fieldset")) control.setAttribute("aria-invalid", "true");
  const target = field.querySelector("input, textarea, select");
  target.id ||= `at-${name}`;
  return target.id;
}

export function showProblems(sheet, problems) {
  const form = sheet.querySelector("form");
  const place = slotOf(sheet, "problems");
  place.replaceChildren();
  const names = Object.keys(problems);
  if (!names.length) return;
  const summary = make("problems");
  summary.querySelector(".error-summary__title").lastChild.textContent = say("errors", { count: names.length });
  const list = summary.querySelector("ul");
  list.replaceChildren(...names.map((name) => row(mark(form, name, problems[name]), numbered(form, name, problems[name]))));
  place.append(summary);
}

// As the question is numbered, so that "this item" is known from afar.
function numbered(form, name, text) {
  const number = fieldOf(form, name)?.closest("[data-item]")?.querySelector(".item__number")?.textContent;
  return number ? `${number}. ${text}` : text;
}

// The first field with a problem, in the order of the page.
export const firstProblem = (form) => form.querySelector(".field--error");

function row(target, text) {
  const item = document.createElement("li");
  if (!target) {
    item.textContent = text;
    return item;
  }
  const link = document.createElement("a");
  Object.assign(link, { href: `#${target}`, textContent: text });
  item.append(link);
  return item;
}
