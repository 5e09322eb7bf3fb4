// Which place, and with which list: a new draft is made here.

import { language, make, own, say, slotOf } from "./dom.js";
import { luggage } from "./luggage.js";
import { newId } from "./seal.js";
import { addDraft } from "./store.js";

const SHOWN = 20;
const METRES_A_DEGREE = 111_320;
let here = null;

function apart(one) {
  if (one.lon === null) return Infinity;
  const east = (one.lon - here.longitude) * Math.cos((here.latitude * Math.PI) / 180);
  return Math.hypot(east, one.lat - here.latitude) * METRES_A_DEGREE;
}

const plain = (text) => text.normalize("NFKC").toLowerCase();

function matching(all, text) {
  const words = plain(text).split(/\s+/).filter(Boolean);
  const fits = (one) => words.every((word) => plain(`${one.name} ${one.address} ${one.number}`).includes(word));
  const found = all.filter(fits);
  return here ? found.sort((one, other) => apart(one) - apart(other)) : found;
}

export function listPlaces(home, told) {
  const search = home.querySelector("#place-search");
  const draw = () => {
    const found = matching(told.facilities, search.value);
    slotOf(home, "found").textContent = found.length ? say("found", { count: found.length }) : say("nothing_found");
    slotOf(home, "places").replaceChildren(...found.slice(0, SHOWN).flatMap((one) => rows(one, told)));
  };
  search.addEventListener("input", draw);
  draw();
  return draw;
}

function rows(place, told) {
  return told.lists.filter((list) => place.lists.includes(list.id)).map((list) => {
    const far = here && place.lon !== null ? say("metres", { metres: Math.round(apart(place)) }) : "";
    const more = [own(list.title), place.address, own(place.district), far].filter(Boolean).join(" · ");
    const piece = make("line", { name: place.name, more });
    slotOf(piece, "name").href = `#/new/${place.id}/${list.id}`;
    return piece.firstElementChild;
  });
}

export const locate = (then) => navigator.geolocation?.getCurrentPosition(
  ({ coords }) => { here = coords; then(); }, () => {}, { enableHighAccuracy: true, timeout: 15_000 },
);

const fresh = (more) => ({
  id: newId(), state: "draft", typed: {}, photos: [], problems: {}, counter: 0,
  started_at: new Date().toISOString(), ...more,
});

export async function startVisit(placeId, listId) {
  const told = await luggage();
  const facility = told?.facilities.find((one) => one.id === placeId);
  const list = told?.lists.find((one) => one.id === listId);
  if (!facility || !list) return null;
  const { id: checklist, edition, title, pages } = list;
  return add(fresh({ facility, checklist, edition, title, pages }));
}

export async function startRecheck(number) {
  const told = await luggage();
  const finding = told?.rechecks.find((one) => one.number === number);
  if (!finding) return null;
  const facility = told.facilities.find((one) => one.id === finding.facility);
  const { checklist, edition, pages, item, title } = finding;
  return add(fresh({ facility, checklist, edition, pages, item, title, verifies: number }));
}

async function add(draft) {
  draft.page = draft.pages[language];
  await addDraft(draft);
  return draft.id;
}
