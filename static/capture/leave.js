// Signing out takes everything off this device, after asking where something was not sent.

import { say } from "./dom.js";
import { signOut } from "./server.js";
import { drafts, wipe } from "./store.js";

export async function leave() {
  const waiting = (await drafts()).filter((one) => one.state !== "filed");
  if (waiting.length && !confirm(say("leave", { count: waiting.length }))) return;
  await wipe();
  await signOut();
  location.href = "/";
}
