/* Lines and areas of the places in view, thin and behind the markers. They say nothing that list
   and markers do not, so neither keyboard nor ear meets them, and the map works without them. */

import { Loader } from "./loader.js";
import { snappedBox } from "./view.js";

const CLOSE = 12; // as `CLOSEST_NEEDED` in audit/maps/queries/shapes.py
const WAIT_MS = 250;
const STILL = { interactive: false, bubblingMouseEvents: false };

export function showShapes(map, endpoint) {
  const loader = new Loader(endpoint);
  const drawn = L.layerGroup().addTo(map);
  let timer = 0;
  const refresh = async () => {
    if (map.getZoom() < CLOSE) return drawn.clearLayers();
    try {
      const answer = await loader.view(snappedBox(map), map.getZoom());
      if (answer) draw(drawn, answer.items);
    } catch {
      drawn.clearLayers();
    }
  };
  map.on("moveend", () => {
    clearTimeout(timer);
    timer = setTimeout(refresh, WAIT_MS);
  });
  refresh();
}

function draw(group, items) {
  group.clearLayers();
  items.forEach(({ area, places }) => {
    const shape = area ? L.polygon : L.polyline;
    const className = `map-course${area ? " map-course--area" : ""}`;
    shape(places, { ...STILL, className }).addTo(group);
  });
}
