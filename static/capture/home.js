// The first screen: what is on this device, what waits for me, where to begin.

import { announce } from "../js/announce.js";
import { count } from "./answers.js";
import { app, make, own, partOf, say, show, slotOf, tell } from "./dom.js";
import { fetchedAt, luggage, refresh } from "./luggage.js";
import { leave } from "./leave.js";
import { queue } from "./outbox.js";
import { listPlaces, locate } from "./places.js";
import { drafts, dropDraft } from "./store.js";

export async function showHome() {
  const told = await luggage();
  const piece = make("home", {}, { refresh: renew, leave });
  show(piece, say("title"));
  await drawDrafts();
  if (told) fill(told, await fetchedAt());
  else slotOf(app, "fetched").textContent = say("never_fetched");
}

function fill(told, at) {
  listPart("rechecks", told.rechecks.map((one) => recheckRow(one, told)));
  listPart("results", told.results.map(resultRow));
  const draw = listPlaces(app, told);
  partOf(app, "near").addEventListener("click", () => locate(draw));
  const when = new Date(at).toLocaleString();
  const sentences = [say("fetched", { when, places: told.facilities.length, rechecks: told.rechecks.length })];
  const left = told.facilities_total > told.facilities.length;
  if (left) sentences.push(say("left_out", { count: told.facilities.length, total: told.facilities_total }));
  slotOf(app, "fetched").textContent = sentences.join(" ");
}

function listPart(name, rows) {
  slotOf(app, name).replaceChildren(...rows);
  slotOf(app, `no-${name}`).hidden = rows.length > 0;
}

function recheckRow(one, told) {
  const place = told.facilities.find(({ id }) => id === one.facility);
  const piece = make("line", { name: say("recheck_of", { number: one.number, title: own(one.title) }), more: place?.name ?? "" });
  slotOf(piece, "name").href = `#/recheck/${one.number}`;
  return piece.firstElementChild;
}

function resultRow(one) {
  const when = new Date(one.filed_at).toLocaleString();
  const piece = make("line", { name: one.facility, more: `${when} · ${say("filed", one)}` });
  slotOf(piece, "name").href = one.url;
  const meta = piece.querySelector(".meta");
  for (const { number, title, state } of one.findings ?? []) {
    meta.append(Object.assign(document.createElement("li"), { textContent: say("now", { number, title: own(title), state: own(state) }) }));
  }
  return piece.firstElementChild;
}

// Rows that are there already are changed where they stand, so that what has the focus keeps it.
export async function drawDrafts() {
  const list = slotOf(app, "drafts");
  if (!list) return;
  const all = await drafts();
  const rows = [...list.children];
  if (all.length === rows.length && all.every(({ id }, at) => rows[at].dataset.id === id)) {
    all.forEach((one, at) => fillDraft(rows[at], one));
  } else listPart("drafts", all.map(draftRow));
}

function draftRow(one) {
  const named = (on) => async () => on((await drafts()).find(({ id }) => id === one.id) ?? one);
  const row = make(
    "draft",
    { name: one.facility.name, list: own(one.title) },
    { send: named(({ id }) => queue(id)), delete: named(remove) },
  ).firstElementChild;
  row.dataset.id = one.id;
  for (const on of ["send", "delete"]) {
    const hint = Object.assign(document.createElement("span"), { className: "visually-hidden", textContent: ` ${one.facility.name}` });
    partOf(row, on).append(hint);
  }
  fillDraft(row, one);
  return row;
}

function fillDraft(row, one) {
  slotOf(row, "state").textContent = stateOf(one);
  slotOf(row, "name").href = one.state === "filed" ? one.result.url : `#/draft/${one.id}`;
  const [send, name] = [partOf(row, "send"), slotOf(row, "name")];
  const hide = ["filed", "sending", "photos"].includes(one.state);
  if (hide && send.contains(document.activeElement)) name.focus();
  send.hidden = hide;
}

const OUTCOMES = ["filed", "problems", "refused", "conflict"];

export function tellOutcome(one) {
  if (OUTCOMES.includes(one.state)) announce(`${one.facility.name}: ${stateOf(one)}`);
}

function stateOf(one) {
  if (one.state === "draft") return say("draft", { done: count(one.typed), photos: one.photos.length });
  if (one.state === "problems") return one.moved ? say("moved", { edition: one.moved }) : say("problems", { count: Object.keys(one.problems).length });
  if (one.state === "filed") return say("filed", one.result);
  return say(one.state, { here: one.here, of: one.of, reason: one.message });
}

async function remove(one) {
  if (one.state !== "filed" && !confirm(say("delete", { photos: one.photos.length }))) return;
  await dropDraft(one.id);
  await drawDrafts();
}

async function renew() {
  try {
    await refresh();
    await showHome();
  } catch (error) {
    if (error.kind === "stranger") dispatchEvent(new CustomEvent("stranger"));
    tell("fetch_failed");
    slotOf(app, "fetched").textContent = say("fetch_failed");
  }
}
