// Sends what waits, one inspection after the other; tries again by itself, later each time.

import { language } from "./dom.js";
import { luggage } from "./luggage.js";
import { Trouble, putInspection } from "./server.js";
import { changeDraft, draft as readDraft, drafts, dropPicture, nextCount } from "./store.js";
import { upload } from "./upload.js";

const FIRST_WAIT_S = 5;
const LONGEST_WAIT_S = 300;
const WAITING = ["queued", "sending", "photos"];
let wait = FIRST_WAIT_S;
let timer;
let next = null;

const tellAll = (name, detail) => dispatchEvent(new CustomEvent(name, { detail }));

export async function queue(id) {
  const { id: device, count } = await nextCount();
  await changeDraft(id, (one) => Object.assign(one, { state: "queued", device, counter: count, problems: {}, message: "" }));
  wait = FIRST_WAIT_S;
  return flush();
}

// Everything that waits; one tab after the other. Whoever asks while sending goes on is answered by
// one more round after it, for what was queued meanwhile is not in this one.
export function flush() {
  clearTimeout(timer);
  next ??= navigator.locks.request("tantu-outbox", async () => {
    next = null;
    try {
      for (const one of await drafts()) if (WAITING.includes(one.state)) await sendAnyhow(one.id);
      wait = FIRST_WAIT_S;
      tellAll("sent");
    } catch (error) {
      if (!(error instanceof Trouble)) throw error;
      if (error.kind === "stranger") tellAll("stranger");
      else later(error);
    }
  });
  return next;
}

// What goes wrong with one of them, beyond the network, keeps no other from being sent.
async function sendAnyhow(id) {
  try {
    await send(id);
  } catch (error) {
    if (error instanceof Trouble) throw error;
    console.error("not sent", error);
  }
}

function later(error) {
  const seconds = Math.max(error.wait, wait);
  wait = Math.min(wait * 2, LONGEST_WAIT_S);
  tellAll("away", { seconds, text: error.message === "away" ? "" : error.message });
  timer = setTimeout(flush, seconds * 1000);
}

function contentOf(one) {
  const photos = one.photos.map(({ item, sha256, size }) => ({ item, sha256, size }));
  const { facility, verifies, checklist, edition, started_at, typed } = one;
  return {
    contract: 1, device: one.device, counter: one.counter, sent_at: new Date().toISOString(),
    facility: facility.id, verifies: verifies ?? "", checklist, edition, started_at, typed, photos,
    lon: numberOf(typed.lon), lat: numberOf(typed.lat), accuracy_m: numberOf(typed.accuracy_m),
  };
}

const numberOf = ([text] = []) => (text?.trim() && Number.isFinite(Number(text)) ? Number(text) : null);

// Changed meanwhile: then it is the person's again, and what came back is of something older.
const settle = (sent, change) => changeDraft(sent.id, (one) => {
  if (one.counter !== sent.counter || !WAITING.includes(one.state)) return false;
  return Object.assign(one, change);
});

async function send(id) {
  const one = await settle(await readDraft(id), { state: "sending" });
  if (!one) return;
  let told;
  try {
    told = await putInspection(id, contentOf(one));
    while (told.state === "waiting") {
      await settle(one, { state: "photos", here: told.photos.here, of: told.photos.of });
      for (const hash of told.photos.missing) {
        await upload(one, one.photos.find((photo) => photo.sha256 === hash));
        told.photos.here += 1;
        await settle(one, { here: told.photos.here });
      }
      told = await putInspection(id, contentOf(one));
    }
  } catch (error) {
    if (error.kind !== "refused") {
      await changeDraft(id, (now) => (now.state === "sending" ? Object.assign(now, { state: "queued" }) : false));
      throw error;
    }
    told = { state: "refused", message: error.message };
  }
  await settled(one, told);
}

async function settled(one, told) {
  if (told.state === "problems" && told.problems.edition) return renew(one, told);
  const { state, problems = {}, message = "" } = told;
  const done = await settle(one, { state, problems, message, ...(state === "filed" ? { result: told } : {}) });
  // Only now: the server has the form and, by its hash, every picture.
  if (state === "filed" && done?.state === "filed") for (const photo of one.photos) await dropPicture(photo.key);
}

// The list has another edition by now: the same answers, to be looked at once more.
async function renew(one, told) {
  const now = (await luggage())?.lists.find((list) => list.id === one.checklist);
  const change = now ? { edition: now.edition, pages: now.pages, page: now.pages[language] } : {};
  await settle(one, { state: "problems", problems: told.problems, moved: now?.edition, ...change });
}

