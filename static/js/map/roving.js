/* One tab stop for all markers in view; arrow keys go from one to the next. With too many of them
   the keyboard is better served by zooming in or by the list. */

const MOST = 50;
const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

export class Roving {
  constructor(map) {
    this.map = map;
    this.elements = [];
    this.pane = map.getPane("markerPane");
    this.pane.addEventListener("keydown", (event) => this.onKey(event));
    this.pane.addEventListener("focusin", (event) => this.stopAt(event.target));
  }

  /** These elements, in reading order, are in view. Says whether the keyboard can reach them. */
  set(elements) {
    this.elements.forEach((element) => {
      element.tabIndex = -1;
    });
    this.elements = elements.length <= MOST ? elements : [];
    const current = this.elements.includes(document.activeElement)
      ? document.activeElement
      : this.elements[0];
    if (current) current.tabIndex = 0;
    return elements.length <= MOST;
  }

  stopAt(target) {
    if (!this.elements.includes(target)) return;
    this.elements.forEach((element) => {
      element.tabIndex = element === target ? 0 : -1;
    });
  }

  onKey(event) {
    const at = this.elements.indexOf(event.target);
    const to = this.target(event.key, at);
    if (!to) return;
    event.preventDefault();
    event.stopPropagation();
    to.focus({ preventScroll: true });
  }

  target(key, at) {
    if (key === "Escape") return this.map.getContainer();
    if (at < 0) return null;
    if (key === "Home") return this.elements[0];
    if (key === "End") return this.elements.at(-1);
    if (!(key in STEPS)) return null;
    const count = this.elements.length;
    return this.elements[(at + STEPS[key] + count) % count];
  }
}
