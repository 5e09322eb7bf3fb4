/* Names of the outlines, over the map and clear of its markers. The larger ones come first; where a
   name would touch what stands already, it moves aside, and if there is no room it stays away. The
   minor ones wait until the map is close. */

const CLOSE = 11;
const APART = 4; // pixels
const ASIDE = [[0, 0], [0, -1], [0, 1], [-1, 0], [1, 0], [0, -2], [0, 2]];

export function drawNames(map, names) {
  const pane = map.createPane("names"); // over outlines and grid, under the markers
  pane.style.zIndex = 450;
  pane.style.pointerEvents = "none";
  pane.setAttribute("aria-hidden", "true");
  const tags = names.map((name) => ({ ...name, marker: nameTag(name).addTo(map) }));
  const arrange = () => {
    const standing = markersOf(map);
    tags.forEach((tag) => settle(map, tag, standing));
  };
  map.on("zoomend resize", arrange);
  map.getContainer().closest(".map").addEventListener("drawn", arrange);
  map.whenReady(arrange);
}

function settle(map, tag, standing) {
  const element = tag.marker.getElement();
  const size = L.point(element.offsetWidth, element.offsetHeight);
  const step = size.divideBy(2).add([24, 24]);
  const middle = map.project(tag.marker.getLatLng());
  const free = ASIDE.map(([x, y]) => L.point(x * step.x, y * step.y)).find(
    (aside) => !standing.some((one) => one.intersects(boxAt(middle.add(aside), size))),
  );
  const shown = free && !(tag.minor && map.getZoom() < CLOSE);
  element.classList.toggle("map-name--away", !shown);
  if (!shown) return;
  element.style.translate = `calc(-50% + ${free.x}px) calc(-50% + ${free.y}px)`;
  standing.push(boxAt(middle.add(free), size));
}

function nameTag({ name, lat, lon, minor }) {
  const words = document.createElement("span");
  words.textContent = name;
  return L.marker([lat, lon], {
    icon: L.divIcon({ html: words, className: `map-name${minor ? " map-name--minor" : ""}`, iconSize: null }),
    interactive: false,
    keyboard: false,
    pane: "names",
  });
}

/** Where the markers of places stand, on the map's own plane, whatever the animation is doing. */
function markersOf(map) {
  const boxes = [];
  map.eachLayer((layer) => {
    const element = layer instanceof L.Marker ? layer.getElement() : null;
    if (!element?.classList.contains("map-marker")) return;
    boxes.push(boxAt(map.project(layer.getLatLng()), L.point(element.offsetWidth, element.offsetHeight)));
  });
  return boxes;
}

function boxAt(middle, size) {
  const half = size.divideBy(2).add([APART, APART]);
  return L.bounds(middle.subtract(half), middle.add(half));
}
