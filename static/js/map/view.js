/* Boxes of the map in degrees, and the view in the page's address. */

const TILE = 256;
const CELL = 64;
const INSIDE = 1e-6; // degrees, a tenth of a metre: a box's edge must not touch the next tile
const HASH = /^#map=(\d{1,2})\/(-?\d{1,2}(?:\.\d+)?)\/(-?\d{1,3}(?:\.\d+)?)$/;

/** [west, south, east, north] of the view, rounded outwards to whole tiles, so that neighbouring
 *  views ask the same question and the browser's cache can answer it. */
export function snappedBox(map) {
  const { min, max } = map.getPixelBounds();
  return box(map, min.divideBy(TILE).floor().multiplyBy(TILE), max.divideBy(TILE).ceil().multiplyBy(TILE));
}

/** The 64-pixel square in which a group's mean place lies: the group itself, and a whole tile two
 *  zooms further in. */
export function cellBox(map, place) {
  const corner = map.project(place).divideBy(CELL).floor().multiplyBy(CELL);
  return box(map, corner, corner.add([CELL, CELL]));
}

function box(map, northWest, southEast) {
  const nw = map.unproject(northWest);
  const se = map.unproject(southEast);
  return [
    clamp(nw.lng + INSIDE, 180),
    clamp(se.lat + INSIDE, 85.05),
    clamp(se.lng - INSIDE, 180),
    clamp(nw.lat - INSIDE, 85.05),
  ];
}

function clamp(degrees, limit) {
  return Number(Math.max(-limit, Math.min(limit, degrees)).toFixed(6));
}

/** Show the view that the address names. Says whether it names one. */
export function showSharedView(map) {
  const found = HASH.exec(location.hash);
  if (!found) return false;
  const [zoom, lat, lon] = found.slice(1).map(Number);
  if (Math.abs(lat) > 85 || Math.abs(lon) > 180) return false;
  map.setView([lat, lon], Math.max(map.getMinZoom(), Math.min(map.getMaxZoom(), zoom)), { animate: false });
  return true;
}

/** Write the view into the address, without a new step in the history. */
export function shareView(map) {
  const { lat, lng } = map.getCenter();
  const hash = `#map=${map.getZoom()}/${lat.toFixed(5)}/${lng.toFixed(5)}`;
  if (hash !== location.hash) history.replaceState(history.state, "", hash);
}
