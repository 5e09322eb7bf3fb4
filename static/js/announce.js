// Says a sentence to screen readers through the one live region of base.html.

let waiting;

export function announce(text) {
  const region = document.getElementById("announcer");
  if (!region) return;
  // Emptied first, so that the same sentence twice is said twice.
  region.textContent = "";
  clearTimeout(waiting);
  waiting = setTimeout(() => { region.textContent = text; }, 60);
}

// Fills "{name}" in a text that the server translated.
export function fill(text, values) {
  return (text ?? "").replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}
