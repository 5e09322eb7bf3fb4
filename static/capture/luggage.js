// What is taken along: places, findings, tasks, and the questions of every list that may be needed.

import { language } from "./dom.js";
import { getMarked } from "./server.js";
import { drafts, drop, keep, kept, keptNames } from "./store.js";

export const luggage = async () => (await kept("luggage"))?.told;
export const fetchedAt = async () => (await kept("luggage"))?.at;

export async function refresh() {
  const known = await kept("luggage");
  const answer = await getMarked("/capture/package", known?.mark);
  const now = answer ?? known;
  await keep("luggage", { mark: now.mark, told: now.told, at: new Date().toISOString() });
  await fetchLists(now.told);
}

const nameOf = (path) => `list ${path}`;

async function fetchLists(told) {
  const mine = (await drafts()).map((draft) => draft.page).filter(Boolean);
  const wanted = [...told.lists, ...told.rechecks].map((one) => one.pages[language]);
  for (const path of new Set([...wanted, ...mine])) {
    try {
      await fetchList(path);
    } catch (error) {
      if (error.kind !== "refused") throw error;
    }
  }
  for (const name of await keptNames()) {
    const isMine = [...wanted, ...mine].some((path) => nameOf(path) === name);
    if (name.startsWith("list ") && !isMine) await drop(name);
  }
}

async function fetchList(path) {
  const known = await kept(nameOf(path));
  const answer = await getMarked(path, known?.mark);
  if (answer) await keep(nameOf(path), { mark: answer.mark, html: answer.told.html });
}

// The questions as HTML that our own server has made; null where they are not here.
export async function questions(path) {
  if (!(await kept(nameOf(path)))) {
    try {
      await fetchList(path);
    } catch {
      return null;
    }
  }
  return (await kept(nameOf(path))).html;
}
