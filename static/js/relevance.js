// Shows the items of a checklist that apply, by the conditions of checklists/README.md.
// <form data-module="relevance" data-facts='{"works": "old"}'> holds [data-item="id"], some with
// data-relevance='[{"item": "x", "is": ["yes"]}]'. The answer to item x is in the controls named
// x, to field f of x in those named x.f; state.x sets x aside. What is hidden keeps its value; the server decides anew.

const YES_NO = { yes: true, no: false };

function valuesOf(form, name) {
  const values = [];
  for (const control of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
    const isChoice = control.type === "radio" || control.type === "checkbox";
    if (isChoice && !control.checked) continue;
    if (control.closest("[data-item][hidden]")) continue;
    if (control.value.trim() !== "") values.push(control.value.trim());
  }
  return values;
}

function matches(value, wanted) {
  return wanted.some((one) => one === value || one === YES_NO[value] || String(one) === value);
}

function inRange(value, condition) {
  // Number("") is 0 and Number(true) is 1: neither was measured.
  if (value === "" || typeof value === "boolean" || value === null) return false;
  const number = Number(String(value).normalize("NFKC").replace(/,/g, ""));
  // "1.4 m" and "1:12" only the server reads: better one item too many than one hidden.
  if (Number.isNaN(number)) return true;
  if ("above" in condition && !(number > condition.above)) return false;
  if ("at_least" in condition && !(number >= condition.at_least)) return false;
  if ("below" in condition && !(number < condition.below)) return false;
  return !("at_most" in condition && !(number <= condition.at_most));
}

// valuesFor(condition): the list of values that the condition speaks of.
export function holds(condition, valuesFor) {
  if (condition.any) return condition.any.some((one) => holds(one, valuesFor));
  const values = valuesFor(condition);
  if (condition.is) return values.some((value) => matches(value, condition.is));
  return values.some((value) => inRange(value, condition));
}

// Marked as not applicable or not checked: then nothing that was typed before counts.
function isSetAside(form, item) {
  return form.querySelector(`[name="${CSS.escape(`state.${item}`)}"]:checked:not([value=""])`) !== null;
}

function lookUp(form, facts) {
  return (condition) => {
    if (condition.fact) {
      const value = facts[condition.fact];
      return value === undefined || value === null ? [] : [value];
    }
    if (isSetAside(form, condition.item)) return [];
    return valuesOf(form, condition.field ? `${condition.item}.${condition.field}` : condition.item);
  };
}

export default function relevance(form) {
  const facts = JSON.parse(form.dataset.facts || "{}");
  const valuesFor = lookUp(form, facts);
  const rules = [...form.querySelectorAll("[data-relevance]")].map((item) => (
    [item, JSON.parse(item.dataset.relevance)]
  ));

  // Once around: does anything change? An item may depend on one that was just hidden.
  function round() {
    let changed = false;
    for (const [item, conditions] of rules) {
      const hide = !conditions.every((condition) => holds(condition, valuesFor));
      changed = changed || item.hidden !== hide;
      item.hidden = hide;
    }
    return changed;
  }

  // The numbers beside the items and in the summary of errors have no gaps where one is hidden.
  function count() {
    let number = 0;
    for (const item of form.querySelectorAll("[data-item]:not([hidden])")) {
      number += 1;
      const own = item.querySelector(".item__number");
      if (own) own.textContent = number;
      const named = `[data-number-of="${CSS.escape(item.dataset.item)}"]`;
      for (const place of document.querySelectorAll(named)) place.textContent = number;
    }
  }

  function update() {
    let rounds = 0;
    while (round() && rounds <= rules.length) rounds += 1;
    for (const section of form.querySelectorAll("[data-section]")) {
      const items = section.querySelectorAll("[data-item]");
      section.hidden = items.length > 0 && [...items].every((item) => item.hidden);
    }
    count();
    if (rounds) form.dispatchEvent(new CustomEvent("relevance"));
  }

  form.addEventListener("input", update);
  form.addEventListener("change", update);
  update();
}
