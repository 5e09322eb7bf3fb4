/* The panel over the map's edge: one thing, or the list of those that share a place. Everything in
   it is set as plain text. */

import { fill } from "./config.js";

export class Panel {
  /** `closed()` says where the focus goes. */
  constructor(box, config, closed) {
    this.element = box.querySelector(".map__panel");
    this.title = box.querySelector(".map__panel-title");
    this.body = box.querySelector(".map__panel-body");
    this.config = config;
    this.closed = closed;
    this.element.querySelector("[data-panel=close]").addEventListener("click", () => this.close());
    this.element.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close();
    });
  }

  showOne(item) {
    this.open(item.title, [this.facts(item), this.link(item, this.config.texts.open)]);
  }

  showList(items, truncated) {
    const { texts } = this.config;
    const list = make("ol", "map__panel-list");
    list.append(...items.map((item) => this.row(item)));
    const parts = [list];
    if (truncated) parts.push(make("p", "", fill(texts.cut, { count: items.length })));
    this.open(fill(texts.here, { count: items.length }), parts);
  }

  showFailure() {
    this.open(this.config.texts.name, [make("p", "", this.config.texts.failed)]);
  }

  open(title, parts) {
    this.title.textContent = title;
    this.body.replaceChildren(...parts);
    this.element.hidden = false;
    this.title.focus();
  }

  close() {
    this.element.hidden = true;
    this.body.replaceChildren();
    this.closed();
  }

  row(item) {
    const row = make("li", "");
    row.append(this.link(item, item.title), this.facts(item));
    return row;
  }

  facts(item) {
    return make("p", "map__panel-facts", `${this.config.texts[item.mark] ?? ""} · ${item.status}`);
  }

  /** A link when the address is one of ours, else the words alone. */
  link(item, words) {
    const url = new URL(item.url, location.href);
    if (url.origin !== location.origin) return make("span", "", words);
    const link = make("a", "", words);
    link.href = url.href;
    return link;
  }
}

function make(tag, css, text = "") {
  const element = document.createElement(tag);
  if (css) element.className = css;
  element.textContent = text;
  return element;
}
