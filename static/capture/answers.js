// What stands in the controls of the form, by their names, as a page would send it.

const LEFT_OUT = new Set(["file", "submit", "button", "hidden"]);
const controls = (form) => [...form.elements].filter((one) => one.name && !LEFT_OUT.has(one.type));
const isChoice = (control) => ["radio", "checkbox"].includes(control.type);

export function read(form) {
  const typed = {};
  for (const control of controls(form)) {
    if (isChoice(control) ? !control.checked : control.value === "") continue;
    (typed[control.name] ??= []).push(control.value);
  }
  return typed;
}

export function write(form, typed) {
  for (const control of controls(form)) {
    const values = typed[control.name] ?? [];
    if (isChoice(control)) control.checked = values.includes(control.value);
    else control.value = values[0] ?? "";
    // A note that holds something is not hidden in what is closed.
    if (values.length && control.closest("details")) control.closest("details").open = true;
  }
}

const SIDE = /^(note|photos|kept|lon|lat|accuracy_m|no_photo_reason)(\.|$)/;

// How many questions somebody has answered.
export const count = (typed) => new Set(
  Object.keys(typed).filter((name) => !SIDE.test(name)).map((name) => name.replace(/^state\./, "").split(".")[0]),
).size;
