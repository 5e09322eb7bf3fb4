// A form is sent once, however often its button is pressed. data-text-sending on the form is said
// while it is on its way.

import { announce } from "./announce.js";

export default function confirmOnce(form) {
  let sent = false;
  const buttons = () => form.querySelectorAll('button[type="submit"]');

  form.addEventListener("submit", (event) => {
    if (sent) {
      event.preventDefault();
      return;
    }
    sent = true;
    // Not `disabled`: that would drop the pressed button's name and value from what is sent.
    for (const button of buttons()) button.setAttribute("aria-disabled", "true");
    if (form.dataset.textSending) announce(form.dataset.textSending);
  });

  // Back from the next page: the browser may show this one as it was left.
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    sent = false;
    for (const button of buttons()) button.removeAttribute("aria-disabled");
  });
}
