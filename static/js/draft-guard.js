// Asks before a page with unsent words is left. The browser chooses the sentence.

export default function draftGuard(form) {
  let changed = false;
  form.addEventListener("input", () => { changed = true; });
  form.addEventListener("submit", () => { changed = false; });
  addEventListener("beforeunload", (event) => {
    if (!changed) return;
    event.preventDefault();
    event.returnValue = true; // older Android browsers ask only when this is set
  });
}
