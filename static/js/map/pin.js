/* The drawing of the pin whose place is being chosen. */

const SVG = "http://www.w3.org/2000/svg";
const DROP = "M18 46C7 32 3 24 3 17a15 15 0 1 1 30 0c0 7-4 15-15 29Z";
const EYE = "M18 11a6 6 0 1 0 0 12a6 6 0 1 0 0-12Z";

export function pinIcon() {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "-3 -3 42 52");
  svg.setAttribute("aria-hidden", "true");
  svg.append(path(DROP, "edge"), path(DROP, "ring"), path(DROP, "fill"), path(EYE, "eye"));
  return L.divIcon({ html: svg, className: "map-pin", iconSize: [42, 52], iconAnchor: [21, 49] });
}

function path(d, part) {
  const drawn = document.createElementNS(SVG, "path");
  drawn.setAttribute("d", d);
  drawn.setAttribute("class", `map-shape__${part}`);
  return drawn;
}
