// Told before it hurts: no room left, drafts that lie too long.

import { banner, say } from "./dom.js";
import { drafts } from "./store.js";

const LEAST_MB = 50;
const OLD_DAYS = 3;
const DAY_MS = 86_400_000;

export async function askToPersist() {
  if (!(await navigator.storage?.persisted?.())) await navigator.storage?.persist?.();
}

export async function warnOfRoom() {
  const { quota = 0, usage = 0 } = (await navigator.storage?.estimate?.()) ?? {};
  const mb = Math.floor((quota - usage) / 1e6);
  banner("room", "warn", quota && mb < LEAST_MB ? say("full", { mb }) : "");
}

export async function warnOfAge() {
  const waiting = (await drafts()).filter((one) => one.state !== "filed");
  const days = Math.max(0, ...waiting.map((one) => Math.floor((Date.now() - Date.parse(one.started_at)) / DAY_MS)));
  banner("age", "warn", days >= OLD_DAYS ? say("old", { days }) : "");
}
