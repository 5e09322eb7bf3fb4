// Starts the offline app: who is here, what is kept, which screen, and when to send.

import { banner, make, say } from "./dom.js";
import { drawDrafts, showHome, tellOutcome } from "./home.js";
import { luggage, refresh } from "./luggage.js";
import { flush } from "./outbox.js";
import { startRecheck, startVisit } from "./places.js";
import { Trouble, sendFor, whoami } from "./server.js";
import { leaveSheet, showSheet } from "./sheet.js";
import { lastPerson, open, othersWaiting } from "./store.js";
import { askToPersist, warnOfAge, warnOfRoom } from "./warnings.js";

document.addEventListener("click", moveWithin);
const strange = () => banner("stranger", "warn", say("sign_in"), make("sign-in"));
const away = () => banner("network", "info", navigator.onLine ? "" : say("offline"));

// The one whose things are shown: who is signed in or, where nobody can tell, who was last.
async function findPerson() {
  try {
    return await whoami();
  } catch (error) {
    if (!(error instanceof Trouble)) throw error;
    if (error.kind === "refused") return banner("refused", "warn", error.message);
    if (error.kind === "stranger") strange();
    return lastPerson() ?? undefined;
  }
}

async function route() {
  const [screen, ...rest] = location.hash.replace(/^#\/?/, "").split("/");
  if (screen === "draft") return showSheet(rest[0]);
  if (screen === "new" || screen === "recheck") {
    const id = screen === "new" ? await startVisit(...rest) : await startRecheck(...rest);
    location.replace(id ? `#/draft/${id}` : "#/");
    return undefined;
  }
  await leaveSheet();
  return showHome();
}

async function bring() {
  try {
    await refresh();
  } catch (error) {
    if (error.kind === "stranger") strange();
  }
}

// The address says which screen is shown; a link within it only moves the focus.
function moveWithin(event) {
  const link = event.target.closest('a[href^="#"]');
  if (!link || link.hash.startsWith("#/")) return;
  event.preventDefault();
  const target = document.getElementById(link.hash.slice(1));
  if (!target) return;
  target.dispatchEvent(new CustomEvent("goto", { bubbles: true }));
  if (!target.matches("input, textarea, select, a, button")) target.tabIndex = -1;
  target.focus();
  target.scrollIntoView({ block: "start" });
}

function watch() {
  addEventListener("hashchange", route);
  addEventListener("draft", ({ detail }) => { drawDrafts(); tellOutcome(detail); });
  addEventListener("stranger", strange);
  addEventListener("full", warnOfRoom);
  addEventListener("online", () => { away(); banner("again", "", ""); flush(); });
  addEventListener("offline", away);
  addEventListener("sent", () => { banner("again", "", ""); warnOfRoom(); });
  addEventListener("away", ({ detail }) => banner("again", "info", navigator.onLine ? detail.text || say("again", detail) : ""));
}

async function keepPages() {
  if (!("serviceWorker" in navigator)) return;
  const kept = await navigator.serviceWorker.register("/capture/service-worker.js", { scope: "/capture/" });
  const offer = () => {
    if (!kept.waiting || !navigator.serviceWorker.controller) return;
    const more = make("reload", {}, { reload: () => kept.waiting.postMessage("take over") });
    banner("reload", "info", say("reload"), more);
  };
  offer();
  kept.addEventListener("updatefound", () => kept.installing?.addEventListener("statechange", offer));
  let begun = Boolean(navigator.serviceWorker.controller);
  navigator.serviceWorker.addEventListener("controllerchange", async () => {
    if (begun) {
      await leaveSheet();
      location.reload();
    }
    begun = true;
  });
}

async function start() {
  keepPages().catch((error) => console.error("the pages are not kept", error));
  if (!window.isSecureContext) return banner("secure", "warn", say("insecure"));
  const person = await findPerson();
  away();
  if (!person) return banner("nobody", "info", document.querySelector("[data-banner]") ? "" : say("never_fetched"));
  await open(person);
  sendFor(person);
  watch();
  if (!(await luggage())) await bring();
  else bring();
  await route();
  askToPersist();
  await warnOfRoom();
  await warnOfAge();
  const names = await othersWaiting(person);
  banner("others", "info", names.length ? say("others", { names: names.join(say("comma")) }) : "");
  return flush();
}

start().catch((error) => banner("start", "danger", say("not_started", { reason: error.message })));
document.documentElement.dataset.capture = "ready";
