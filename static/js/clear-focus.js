// A bar at the bottom of the window must not lie on what has focus. The style sheet asks the
// browser for that (scroll-padding), but Chromium brings only the caret of a text area into view.

const GAP = 16;

export default function clearFocus(bar) {
  document.addEventListener("focusin", ({ target }) => {
    if (bar.contains(target)) return;
    const box = target.getBoundingClientRect();
    const edge = bar.getBoundingClientRect().top - GAP;
    const isBehind = box.bottom > edge && box.top < bar.getBoundingClientRect().bottom;
    // Never so far that the top of something tall leaves the window.
    if (isBehind && getComputedStyle(bar).position === "sticky") {
      scrollBy(0, Math.min(box.bottom - edge, Math.max(0, box.top - GAP)));
    }
  });
}
