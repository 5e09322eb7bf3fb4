// The form that signs out: first takes off this device what the offline pages keep of this person,
// after asking where something was not sent.
// <form data-module="sign-out" data-person="id" data-text-leave="…{count}…">

import { fill } from "./announce.js";

export default function signOut(form) {
  form.addEventListener("submit", async (event) => {
    if (!localStorage.getItem("tantu-capture-person")) return;
    event.preventDefault();
    try {
      const { drafts, open, people, wipe } = await import("../capture/store.js");
      const me = people().find(({ id }) => id === form.dataset.person);
      if (me) {
        await open(me);
        const waiting = (await drafts()).filter((one) => one.state !== "filed");
        if (waiting.length && !confirm(fill(form.dataset.textLeave, { count: waiting.length }))) return;
        await wipe();
      }
    } catch (error) {
      console.error("what is kept here was not removed", error);
    }
    form.submit();
  });
}
