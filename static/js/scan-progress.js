// Keeps the sentence about what is under way fresh: <div data-module="scan-progress" data-url>
// holds [data-progress-now] and [data-progress-link]. The page itself is left as it is, so that
// nobody loses his place in it; at the end the link leads to the result.

import { announce } from "./announce.js";

const EVERY_MS = 5000;
const SAY_EVERY_MS = 30000; // a screen reader is told less often than the eye

export default function scanProgress(box) {
  const sentence = box.querySelector("[data-progress-now]");
  const link = box.querySelector("[data-progress-link] span");
  let said = Date.now();

  function show({ text, is_under_way: goesOn }) {
    if (text !== sentence.textContent) {
      sentence.textContent = text;
      if (!goesOn || Date.now() - said > SAY_EVERY_MS) {
        announce(text);
        said = Date.now();
      }
    }
    if (!goesOn) link.textContent = box.dataset.textResult;
    return goesOn;
  }

  async function look() {
    try {
      const answer = await fetch(box.dataset.url, { headers: { Accept: "application/json" } });
      if (!show(await answer.json())) return;
    } catch {
      // No network, or signed out meanwhile: the link still works, and says what is wrong.
    }
    setTimeout(look, EVERY_MS);
  }

  setTimeout(look, EVERY_MS);
}
