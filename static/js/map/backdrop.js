/* What lies behind the markers: names of the outlines, a scale in metres, a grid of degrees where
   there is no base map, and one notice when the base map does not come. */

import { drawNames } from "./names.js";

export function drawBackdrop(map, config, status) {
  const tiles = [];
  map.eachLayer((layer) => layer instanceof L.TileLayer && tiles.push(layer));
  tiles.forEach((layer) => layer.once("tileerror", () => status.note(config.texts.no_tiles)));
  if (!tiles.length) new Grid({ className: "map-grids", updateWhenIdle: false }).addTo(map);
  map.attributionControl.setPrefix(false);
  L.control.scale({ imperial: false }).addTo(map);
  ["overlayPane", "tilePane"].forEach((name) => map.getPane(name).setAttribute("aria-hidden", "true"));
  drawNames(map, config.names);
}

/** Thin lines every 256 pixels with the degrees of their crossing, so that one sees the map move. */
const Grid = L.GridLayer.extend({
  createTile(coords) {
    const corner = this._map.unproject(coords.scaleBy(this.getTileSize()), coords.z);
    const digits = Math.max(0, Math.ceil((coords.z - 4) / 3));
    const tile = document.createElement("div");
    tile.className = "map-grid";
    tile.textContent = `${corner.lng.toFixed(digits)}°, ${corner.lat.toFixed(digits)}°`;
    return tile;
  },
});
