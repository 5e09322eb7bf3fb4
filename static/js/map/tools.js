/* The buttons outside the canvas, and habits of the canvas that should not trap a person who only
   wants to scroll the page. */

import { fill } from "./config.js";

const PAN = { pan_north: [0, -1], pan_south: [0, 1], pan_west: [-1, 0], pan_east: [1, 0] };
const LOCATE_MS = 15000;

/** `located(position)` is what the button for one's own position does with it. */
export function attachTools(map, box, bounds, located, status, texts) {
  const acts = {
    zoom_in: () => map.zoomIn(),
    zoom_out: () => map.zoomOut(),
    reset: () => map.fitBounds(bounds),
    locate: () => locate(located, status, texts),
  };
  Object.entries(PAN).forEach(([name, [x, y]]) => {
    acts[name] = () => map.panBy(map.getSize().multiplyBy(0.4).scaleBy(L.point(x, y)));
  });
  box.querySelectorAll("[data-map]").forEach((button) => {
    button.addEventListener("click", () => {
      if (button.getAttribute("aria-disabled") !== "true") acts[button.dataset.map]();
    });
  });
  map.on("zoomend", () => markLimits(map, box));
  markLimits(map, box);
}

function markLimits(map, box) {
  const limits = { zoom_in: map.getMaxZoom(), zoom_out: map.getMinZoom() };
  Object.entries(limits).forEach(([name, zoom]) => {
    const button = box.querySelector(`[data-map=${name}]`);
    button.setAttribute("aria-disabled", String(map.getZoom() === zoom));
  });
}

function locate(located, status, texts) {
  if (!navigator.geolocation) {
    status.say(texts.not_located);
    return;
  }
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      located(coords);
      status.say(fill(texts.located, { metres: Math.round(coords.accuracy) }));
    },
    () => status.say(texts.not_located),
    { enableHighAccuracy: true, timeout: LOCATE_MS },
  );
}

/** The map follows the size of its canvas. The wheel zooms only while the map has the focus; on touch screens one finger scrolls the page
 *  and two fingers move the map. */
export function calmGestures(map, status, texts) {
  const canvas = map.getContainer();
  new ResizeObserver(() => map.invalidateSize({ pan: false })).observe(canvas);
  canvas.addEventListener("focusin", () => map.scrollWheelZoom.enable());
  canvas.addEventListener("focusout", (event) => {
    if (!canvas.contains(event.relatedTarget)) map.scrollWheelZoom.disable();
  });
  if (matchMedia("(pointer: coarse)").matches) {
    map.dragging.disable();
    status.note(texts.two_fingers);
  }
}
