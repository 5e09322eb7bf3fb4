// Pieces of the page are templates that the server made; here they are cloned and filled.

import { announce, fill } from "../js/announce.js";

export const app = document.getElementById("app");
export const language = app.dataset.language;
const TEXTS = JSON.parse(document.getElementById("texts").textContent);

export const say = (name, values = {}) => fill(TEXTS[name], values);
export const tell = (name, values) => announce(say(name, values));
// Of a text in both languages, as the package has it.
export const own = (text) => text[language];

// The template's elements, with [data-slot] filled by name and [data-on] listened to.
export function make(name, slots = {}, listeners = {}) {
  const piece = document.getElementById(name).content.cloneNode(true);
  for (const [slot, text] of Object.entries(slots)) slotOf(piece, slot).textContent = text;
  for (const [on, listener] of Object.entries(listeners)) {
    partOf(piece, on).addEventListener("click", listener);
  }
  return piece;
}

export const slotOf = (piece, name) => piece.querySelector(`[data-slot="${name}"]`);
export const partOf = (piece, name) => piece.querySelector(`[data-on="${name}"]`);

// One screen in place of the other; its heading takes the focus, so that it is read.
export function show(piece, title) {
  app.replaceChildren(piece);
  document.title = `${title} - ${document.title.split(" - ").at(-1)}`;
  const heading = app.querySelector("h1");
  heading.tabIndex = -1;
  heading.focus();
  scrollTo(0, 0);
}

// A sentence at the top, one for each name; "" takes it away.
export function banner(name, kind, text, more = null) {
  const place = document.getElementById("banners");
  place.querySelector(`[data-banner="${name}"]`)?.remove();
  if (!text) return;
  const notice = make(`notice-${kind}`, { text });
  const box = notice.querySelector(".notice");
  box.dataset.banner = name;
  if (more) box.querySelector(".notice__body").append(more);
  place.append(notice);
  announce(text);
}
