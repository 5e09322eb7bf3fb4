// From a file that somebody chose to a picture that is kept: small, hashed, with time and place.

import { sha256 } from "./seal.js";
import { addPicture } from "./store.js";

const PLACE_MS = 8000;
let worker;
let asked = 0;

function shrink(file) {
  worker ??= new Worker(new URL("./shrink-worker.js", import.meta.url));
  asked += 1;
  const id = asked;
  return new Promise((done, failed) => {
    worker.addEventListener("message", function hear({ data }) {
      if (data.id !== id) return;
      worker.removeEventListener("message", hear);
      if (data.error) failed(new Error(data.error));
      else done(data.bytes);
    });
    worker.postMessage({ id, file });
  });
}

// Where the device is, if it may say so and knows it soon; else nothing. A picture never waits.
function placeNow() {
  if (!("geolocation" in navigator)) return Promise.resolve({});
  return new Promise((done) => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => done({ lon: coords.longitude, lat: coords.latitude, accuracy_m: coords.accuracy }),
      () => done({}),
      { enableHighAccuracy: true, timeout: PLACE_MS, maximumAge: 30_000 },
    );
  });
}

// {photo, place}: the picture, kept; place is a promise of where it was taken.
export async function take(file, item) {
  const place = placeNow();
  const bytes = await shrink(file);
  const hash = await sha256(bytes);
  const key = await addPicture(bytes);
  const taken = new Date(file.lastModified || Date.now()).toISOString();
  return { photo: { key, item, sha256: hash, size: bytes.byteLength, taken_at: taken }, place };
}
