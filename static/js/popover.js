// A <details> drawn over the page: Escape, a press elsewhere, or leaving with Tab closes it.

export default function popover(details) {
  const close = () => { details.open = false; };

  details.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !details.open) return;
    close();
    details.querySelector("summary").focus();
  });
  details.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !details.contains(event.relatedTarget)) close();
  });
  document.addEventListener("pointerdown", (event) => {
    if (details.open && !details.contains(event.target)) close();
  });
}
