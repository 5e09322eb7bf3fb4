// A button that fills the position of the phone into the fields of its form.
// <div data-module="geolocate" data-text-busy data-text-done="…{metres}…" data-text-denied
//   data-text-failed hidden> holds a button, a [data-message] and inputs marked data-lon, data-lat,
// data-accuracy. Shown only where the browser can tell a position (it needs HTTPS).

import { announce, fill } from "./announce.js";

export default function geolocate(box) {
  if (!("geolocation" in navigator) || !window.isSecureContext) return;
  const button = box.querySelector("button");
  const message = box.querySelector("[data-message]");
  button.hidden = false;

  function say(text) {
    message.textContent = text;
    announce(text);
  }

  function found({ coords }) {
    box.querySelector("[data-lon]").value = coords.longitude.toFixed(6);
    box.querySelector("[data-lat]").value = coords.latitude.toFixed(6);
    box.querySelector("[data-accuracy]").value = Math.round(coords.accuracy);
    button.removeAttribute("aria-disabled");
    say(fill(box.dataset.textDone, { metres: Math.round(coords.accuracy) }));
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function failed(error) {
    button.removeAttribute("aria-disabled");
    const denied = error.code === error.PERMISSION_DENIED;
    say(denied ? box.dataset.textDenied : box.dataset.textFailed);
  }

  button.addEventListener("click", () => {
    if (button.getAttribute("aria-disabled") === "true") return;
    button.setAttribute("aria-disabled", "true");
    say(box.dataset.textBusy);
    navigator.geolocation.getCurrentPosition(found, failed, {
      enableHighAccuracy: true, timeout: 30000, maximumAge: 0,
    });
  });
}
