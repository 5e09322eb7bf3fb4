/* What is on the register already, as faint dots behind the pin: one sees where one is, and what
   need not be entered again. Seen from close by only; nothing depends on it. */

import { Loader } from "./loader.js";
import { snappedBox } from "./view.js";

const CLOSE = 14;
const NAMED = 17;
const WAIT_MS = 200;
const DOT = { radius: 5, interactive: false, className: "map-known" };

export function showKnown(map, endpoint) {
  const loader = new Loader(endpoint);
  const dots = L.layerGroup().addTo(map);
  let timer = 0;
  const refresh = async () => {
    if (map.getZoom() < CLOSE) return dots.clearLayers();
    try {
      const answer = await loader.view(snappedBox(map), map.getZoom());
      if (answer) draw(dots, answer.mode === "points" ? answer.items : [], map.getZoom() >= NAMED);
    } catch {
      dots.clearLayers(); // the picker works without them
    }
  };
  map.on("moveend", () => {
    clearTimeout(timer);
    timer = setTimeout(refresh, WAIT_MS);
  });
  refresh();
}

function draw(dots, items, named) {
  dots.clearLayers();
  items.forEach((item) => {
    L.circleMarker([item.lat, item.lon], DOT).addTo(dots);
    if (named) tag(item).addTo(dots);
  });
}

function tag(item) {
  const words = document.createElement("span");
  words.textContent = item.title;
  return L.marker([item.lat, item.lon], {
    icon: L.divIcon({ html: words, className: "map-known-name", iconSize: null, iconAnchor: [-9, 9] }),
    interactive: false,
    keyboard: false,
    pane: "overlayPane",
  });
}
