/* Names of the outlines. The larger ones come first; a name that would touch one already standing
   stays away, and the minor ones wait until the map is close. */

const CLOSE = 11;
const APART = 6; // pixels

export function drawNames(map, names) {
  const tags = names.map((name) => ({ ...name, marker: nameTag(name).addTo(map) }));
  const arrange = () => {
    const standing = [];
    tags.forEach((tag) => {
      const box = boxOf(map, tag.marker);
      const shown = !(tag.minor && map.getZoom() < CLOSE) && !standing.some((one) => touch(one, box));
      if (shown) standing.push(box);
      tag.marker.getElement().classList.toggle("map-name--away", !shown);
    });
  };
  map.on("zoomend resize", arrange);
  map.whenReady(arrange);
}

function nameTag({ name, lat, lon, minor }) {
  const words = document.createElement("span");
  words.textContent = name;
  return L.marker([lat, lon], {
    icon: L.divIcon({ html: words, className: `map-name${minor ? " map-name--minor" : ""}`, iconSize: null }),
    interactive: false,
    keyboard: false,
    pane: "overlayPane",
  });
}

/** Where a name stands on the map's own plane, whatever the animation is doing just now. */
function boxOf(map, marker) {
  const { offsetWidth, offsetHeight } = marker.getElement();
  const half = L.point(offsetWidth, offsetHeight).divideBy(2).add([APART, APART]);
  const middle = map.project(marker.getLatLng());
  return L.bounds(middle.subtract(half), middle.add(half));
}

function touch(one, other) {
  return one.intersects(other);
}
