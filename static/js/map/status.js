/* One line beside the map for people who see it and people who hear it. It changes only after
   half a second of quiet, so that panning is not a stream of announcements. */

import { fill } from "./config.js";

const QUIET_MS = 500;

export class Status {
  constructor(box) {
    this.line = box.querySelector(".map__status");
    this.notice = box.querySelector(".map__notice");
    this.timer = 0;
  }

  say(text) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      if (this.line.textContent !== text) this.line.textContent = text;
    }, QUIET_MS);
  }

  /** A lasting notice that interrupts nobody. */
  note(text) {
    this.notice.textContent = [this.notice.textContent, text].filter(Boolean).join(" ");
    this.notice.hidden = false;
  }
}

/** How many things these groups hold, the gravest of them, and what to do when they are too many
 *  for the keyboard. */
export function summaryOf(groups, reachable, { texts, marks }) {
  if (!groups.length) return texts.none;
  const count = groups.reduce((sum, group) => sum + group.count, 0);
  const worst = marks.find((mark) => groups.some((group) => group.mark === mark));
  const summary = fill(texts.summary, { count, worst: texts[worst] });
  return reachable ? summary : `${summary} ${texts.too_many}`;
}
