// What one person keeps on this device: drafts, pictures, and what was taken along. Each person has
// a database of their own.

import { deleteDB, openDB } from "../vendor/idb-8.0.4/build/index.js";
import { makeKey, newId, seal, sealWords, unseal, unsealWords } from "./seal.js";

const WHO = "tantu-capture-person";
const STORES = ["drafts", "pictures", "kept"];
let db;
let key;

// Whoever has used this device and has not signed out on it, the last one first.
export const people = () => JSON.parse(localStorage.getItem(WHO) ?? "[]");
const remember = (all) => localStorage.setItem(WHO, JSON.stringify(all));
export const lastPerson = () => people()[0] ?? null;
const nameOf = (person) => `tantu-capture-${person.id}`;

export async function open(person) {
  remember([person, ...people().filter((one) => one.id !== person.id)]);
  db?.close();
  db = await openDB(nameOf(person), 1, {
    upgrade(fresh) {
      for (const name of [...STORES, "keys"]) fresh.createObjectStore(name);
    },
  });
  key = await db.get("keys", "main");
  if (key) return;
  const made = await makeKey();
  // Another tab may have been first: its key is everybody's.
  const write = db.transaction("keys", "readwrite");
  if (!(await write.store.get("main"))) await write.store.put(made, "main");
  await write.done;
  key = await db.get("keys", "main");
}

// One after the other, in every tab: what is read is still so when it is written.
export const alone = (name, act) => navigator.locks.request(`tantu-${name}`, act);

async function read(store, id) {
  const row = await db.get(store, id);
  return row === undefined ? undefined : unsealWords(key, row);
}

const write = async (store, id, value) => db.put(store, await sealWords(key, value), id);

export const draft = (id) => read("drafts", id);

export async function drafts() {
  const all = await Promise.all((await db.getAllKeys("drafts")).map(draft));
  return all.filter(Boolean).sort((one, other) => other.id.localeCompare(one.id));
}

export const addDraft = (made) => write("drafts", made.id, made);

// Change a draft; null where it is no longer there. change(draft) may return false: leave it.
export const changeDraft = (id, change) => alone(id, async () => {
  const known = await draft(id);
  if (!known || change(known) === false) return known ?? null;
  await write("drafts", id, known);
  dispatchEvent(new CustomEvent("draft", { detail: known }));
  return known;
});

export async function dropDraft(id) {
  const known = await draft(id);
  for (const photo of known?.photos ?? []) await db.delete("pictures", photo.key);
  await db.delete("drafts", id);
}

export async function addPicture(bytes) {
  const id = newId();
  await db.put("pictures", await seal(key, bytes), id);
  return id;
}

export async function picture(id) {
  const row = await db.get("pictures", id);
  return row && unseal(key, row);
}

export const dropPicture = (id) => db.delete("pictures", id);
export const kept = (name) => read("kept", name);
export const keep = (name, value) => write("kept", name, value);
export const keptNames = () => db.getAllKeys("kept");
export const drop = (name) => db.delete("kept", name);

// Counts up on this device and never back, whatever its clock does.
export const nextCount = () => alone("device", async () => {
  const device = (await kept("device")) ?? { id: newId(), count: 0 };
  device.count += 1;
  await keep("device", device);
  return device;
});

// The names of others who have something here; what it is, only they see.
export async function othersWaiting(person) {
  const names = [];
  for (const other of people().filter((one) => one.id !== person.id)) {
    const theirs = await openDB(nameOf(other));
    if (theirs.objectStoreNames.contains("drafts") && await theirs.count("drafts")) names.push(other.name);
    theirs.close();
  }
  return names;
}

// Everything of the last person, and every page that is kept.
export async function wipe() {
  const person = lastPerson();
  db?.close();
  remember(people().slice(1));
  if (person) await deleteDB(nameOf(person));
}
