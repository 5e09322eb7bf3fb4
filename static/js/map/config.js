/* What the server wrote beside a map: its texts, addresses and place names. */

/** The parsed JSON of the element with this id. */
export function readConfig(id) {
  return JSON.parse(document.getElementById(id).textContent);
}

/** `fill("%(count)s m", {count: 3})` is "3 m"; a name without a value stays as it is. */
export function fill(text, values) {
  return text.replace(/%\((\w+)\)s/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/** The box of class `map` around a map's canvas. */
export function boxOf(map) {
  return map.getContainer().closest(".map");
}

/** Show the maps, which are hidden as long as no script runs. Must run before a map is made,
 *  because a hidden canvas has no size. */
export function showMaps(kind) {
  document.querySelectorAll(`.map--${kind}[hidden]`).forEach((box) => {
    box.hidden = false;
  });
}

/** Quiet Leaflet's movements for people who asked their system for that; before a map is made. */
export function respectReducedMotion() {
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
    L.Map.mergeOptions({
      zoomAnimation: false,
      fadeAnimation: false,
      markerZoomAnimation: false,
      inertia: false,
    });
  }
}
