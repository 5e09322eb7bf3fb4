// Sends one picture in pieces, from where the server has it on.

import { say } from "./dom.js";
import { Trouble, pictureState, sendPiece } from "./server.js";
import { picture } from "./store.js";

const SMALLEST = 64 * 1024;
const LARGEST = 512 * 1024;
const QUICK_MS = 2000;
let pace = SMALLEST;

const aboutOf = (draft, photo) => JSON.stringify({
  facility: draft.facility.id,
  taken_at: photo.taken_at,
  lon: photo.lon,
  lat: photo.lat,
  accuracy_m: photo.accuracy_m,
});

// Returns when the server has it whole, by its hash.
export async function upload(draft, photo) {
  let known = await pictureState(photo.sha256);
  if (known.state === "here") return;
  const bytes = await picture(photo.key);
  if (!bytes) throw new Trouble("refused", say("photo_gone"));
  while (known.state !== "here") {
    const begun = performance.now();
    const piece = bytes.slice(known.offset, known.offset + pace);
    known = await sendPiece(photo.sha256, known.offset, bytes.byteLength, aboutOf(draft, photo), piece);
    const isQuick = performance.now() - begun < QUICK_MS;
    pace = isQuick ? Math.min(pace * 2, LARGEST) : Math.max(pace / 2, SMALLEST);
  }
}
