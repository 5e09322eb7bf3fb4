// Asks the server, and says in one word how it went.

import { language } from "./dom.js";

const PATIENCE_MS = 120_000;
let token = "";
let sender = "";

// Whose things are sent from now on: never under anybody else's sign-in.
export const sendFor = (person) => { sender = person.id; };

export class Trouble extends Error {
  // kind: "away" (no network, or the server is busy), "stranger" (sign in again), "refused"
  constructor(kind, text = "", wait = 0, status = 0) {
    super(text || kind);
    Object.assign(this, { kind, text, wait, status });
  }
}

async function ask(path, options = {}) {
  try {
    return await fetch(path, {
      ...options,
      headers: { Accept: "application/json", ...options.headers },
      credentials: "same-origin",
      redirect: "manual",
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
  } catch {
    throw new Trouble("away");
  }
}

const wordsOf = async (answer) => answer.json().catch(() => ({}));

// What has no use of its own: throws.
async function trouble(answer) {
  const words = await wordsOf(answer);
  if (answer.status === 401) throw new Trouble("stranger", words.detail);
  if (answer.status === 429 || answer.status >= 500) {
    throw new Trouble("away", words.detail, Number(answer.headers.get("Retry-After")) || 0, answer.status);
  }
  throw new Trouble("refused", words.detail, 0, answer.status);
}

export async function whoami() {
  const answer = await ask("/capture/me");
  if (!answer.ok) await trouble(answer);
  const told = await answer.json();
  token = told.csrf_token;
  if (sender && told.person.id !== sender) throw new Trouble("stranger");
  return told.person;
}

// A token lives as long as a sign-in: with a new one comes a new token, once.
async function send(path, method, headers, body) {
  if (!token) await whoami();
  const go = () => ask(path, { method, headers: { ...headers, "X-CSRFToken": token, "Capture-Person": sender }, body });
  const answer = await go();
  if (answer.status !== 400) return answer;
  await whoami();
  return go();
}

// Without a network the session ends by itself; what lay here is gone all the same.
export const signOut = () => send("/account/logout", "POST", {}).catch(() => {});

export async function putInspection(id, content) {
  const path = `/capture/${language}/inspections/${id}`;
  const answer = await send(path, "PUT", { "Content-Type": "application/json" }, JSON.stringify(content));
  const told = await wordsOf(answer.clone());
  return told.state ? told : trouble(answer);
}

export async function pictureState(hash) {
  const answer = await ask(`/capture/photos/${hash}`);
  return answer.ok ? answer.json() : trouble(answer);
}

export async function sendPiece(hash, offset, size, about, piece) {
  const headers = {
    "Content-Type": "application/octet-stream",
    "Upload-Offset": String(offset),
    "Upload-Length": String(size),
    "Photo-About": about,
  };
  const answer = await send(`/capture/photos/${hash}`, "PATCH", headers, piece);
  const told = await wordsOf(answer.clone());
  return told.state ? told : trouble(answer);
}

// null: nothing has changed since `mark`.
export async function getMarked(path, mark = "") {
  const answer = await ask(path, { headers: mark ? { "If-None-Match": mark } : {}, cache: "no-store" });
  if (answer.status === 304) return null;
  if (!answer.ok) await trouble(answer);
  return { mark: answer.headers.get("ETag") ?? "", told: await answer.json() };
}
