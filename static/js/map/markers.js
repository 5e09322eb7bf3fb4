/* Draws groups as buttons on the map. What is still there after a new answer stays the very same
   element, so that it keeps the focus. */

import { fill } from "./config.js";

const SVG = "http://www.w3.org/2000/svg";
const SINGLE = 36;
const SIDES = [40, 46, 52, 58]; // groups of up to 9, 99, 999 and more

const EDGE = 40; // pixels
const PLAIN = { keyboard: false, bubblingMouseEvents: false, autoPanOnFocus: false };

const ButtonIcon = L.Icon.extend({
  createIcon() {
    const button = document.createElement("button");
    button.type = "button";
    button.tabIndex = -1;
    this._setIconStyles(button, "icon");
    return button;
  },
  createShadow() {
    return null;
  },
});

export class Markers {
  /** `chosen(group)` is called when a person activates a marker. */
  constructor(map, config, chosen) {
    this.map = map;
    this.config = config;
    this.chosen = chosen;
    this.drawn = new Map();
    this.short = new Intl.NumberFormat(config.lang, { notation: "compact", maximumFractionDigits: 1 });
  }

  /** Draw exactly these groups, in this order. */
  draw(groups) {
    const wanted = new Set(groups.map((group) => group.key));
    const keepsFocus = this.focusedKey();
    this.drawn.forEach((marker, key) => {
      if (!wanted.has(key)) {
        marker.remove();
        this.drawn.delete(key);
      }
    });
    groups.forEach((group) => this.drawOne(group));
    if (keepsFocus && !wanted.has(keepsFocus)) this.map.getContainer().focus({ preventScroll: true });
    this.order(groups);
  }

  elementOf(group) {
    return this.drawn.get(group.key)?.getElement();
  }

  clear() {
    this.draw([]);
  }

  focusedKey() {
    const found = [...this.drawn].find(([, marker]) => marker.getElement() === document.activeElement);
    return found?.[0];
  }

  drawOne(group) {
    let marker = this.drawn.get(group.key);
    if (!marker) {
      const icon = this.icon(group);
      marker = L.marker(group.place, { ...PLAIN, icon });
      marker.on("click", () => this.chosen(marker.group));
      marker.addTo(this.map);
      marker.getElement().addEventListener("focus", () => this.reveal(marker));
      this.drawn.set(group.key, marker);
    }
    marker.group = group;
    this.dress(marker.getElement(), group);
  }

  /** A marker that the keyboard came to is moved away from the edge. Not one under the mouse: it
   *  would slip from the pointer before the click is done. */
  reveal(marker) {
    if (marker.getElement().matches(":focus-visible")) {
      this.map.panInside(marker.getLatLng(), { padding: [EDGE, EDGE] });
    }
  }

  icon(group) {
    const side = group.single ? SINGLE : SIDES[Math.min(3, Math.floor(Math.log10(group.count)))];
    return new ButtonIcon({ iconSize: [side, side], className: "map-marker" });
  }

  dress(button, group) {
    const label = this.label(group);
    const words = group.single ? this.config.short[group.mark] : this.short.format(group.count);
    if (button.title === label) return;
    button.setAttribute("aria-label", label);
    button.title = label;
    button.replaceChildren(this.shape(group.shape), this.words(words));
    button.dataset.mark = group.shape;
  }

  label(group) {
    const { texts } = this.config;
    if (group.single) return fill(texts.point, { ...group.single, kind: texts[group.mark] });
    return fill(texts.group, { count: group.count, worst: texts[group.mark] });
  }

  shape(mark) {
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("viewBox", "-3 -3 42 42");
    svg.setAttribute("class", this.legendOf(mark).getAttribute("class"));
    svg.setAttribute("aria-hidden", "true");
    const use = document.createElementNS(SVG, "use");
    use.setAttribute("href", `#${this.config.id}-${mark}`);
    svg.append(use);
    return svg;
  }

  /** The drawing of a mark in the legend, which the markers repeat. */
  legendOf(mark) {
    return document.getElementById(`${this.config.id}-${mark}`).closest("svg");
  }

  words(text) {
    const span = document.createElement("span");
    span.className = "map-marker__words";
    span.textContent = text;
    return span;
  }

  /** Reading order in the document; the focused element is never moved, it would lose the focus. */
  order(groups) {
    const pane = this.map.getPane("markerPane");
    let next = pane.firstElementChild;
    for (const group of groups) {
      const element = this.elementOf(group);
      if (element === next) next = next.nextElementSibling;
      else if (element !== document.activeElement) pane.insertBefore(element, next);
    }
  }
}
