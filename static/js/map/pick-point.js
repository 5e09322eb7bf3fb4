/* A map for choosing a place. It writes into two inputs that work without it: by a click, by
   dragging the pin, by the pin's buttons, by one's own position; and it follows what is typed. */

import { attachTools, calmGestures } from "./tools.js";
import { boxOf, fill, readConfig, respectReducedMotion, showMaps } from "./config.js";
import { drawBackdrop } from "./backdrop.js";
import { pinIcon } from "./pin.js";
import { showKnown } from "./known.js";
import { showShapes } from "./shapes.js";
import { Status } from "./status.js";

const METRES_PER_DEGREE = 111195;
const CLOSE = 17;
const DIGITS = 6; // a tenth of a metre
const EDGE = 60; // pixels
const STEPS = { north: [0, 1], south: [0, -1], west: [-1, 0], east: [1, 0] };

const PickPointLayer = L.Layer.extend({
  initialize({ config, bounds }) {
    this.config = readConfig(config);
    this.bounds = bounds;
    this.pin = L.marker([0, 0], { icon: pinIcon(), draggable: true, autoPan: true, keyboard: false });
  },

  onAdd(map) {
    const { inputs, texts } = this.config;
    this.box = boxOf(map);
    this.status = new Status(this.box);
    this.lon = document.getElementById(inputs.lon);
    this.lat = document.getElementById(inputs.lat);
    this.accuracy = inputs.accuracy ? document.getElementById(inputs.accuracy) : null;
    drawBackdrop(map, this.config, this.status);
    attachTools(map, this.box, this.bounds, (coords) => this.placeAtPhone(coords), this.status, texts);
    calmGestures(map, this.status, texts);
    this.attachPin(map);
    map.fitBounds(this.bounds, { animate: false });
    this.followDistrict();
    this.followInputs();
    if (!this.isPlaced()) this.status.say(texts.unset);
    if (this.config.known) showKnown(map, this.config.known);
    if (this.config.shapes) showShapes(map, this.config.shapes);
  },

  /** Until there is a pin, the map turns to the district that the form names. */
  followDistrict() {
    const select = document.getElementById(this.config.district);
    const turn = (animate) => {
      const box = this.config.districts[select.value];
      if (box && !this.isPlaced()) this._map.fitBounds(box, { animate });
    };
    if (!select) return;
    select.addEventListener("change", () => turn(true));
    turn(false);
  },

  attachPin(map) {
    map.on("click", ({ latlng }) => this.place(latlng));
    this.pin.on("dragend", () => this.place(this.pin.getLatLng()));
    [this.lon, this.lat].forEach((input) => {
      input.addEventListener("change", (event) => event.isTrusted && this.followInputs());
    });
    this.box.querySelectorAll("[data-pin]").forEach((button) => {
      button.addEventListener("click", () => this.press(button.dataset.pin));
    });
  },

  press(act) {
    if (act === "centre" || !this.isPlaced()) this.place(this._map.getCenter());
    else this.nudge(...STEPS[act]);
  },

  nudge(east, north) {
    const metres = Number(this.box.querySelector(".map__step input:checked").value);
    const { lat, lng } = this.pin.getLatLng();
    const shrink = Math.cos((lat * Math.PI) / 180);
    const step = metres / METRES_PER_DEGREE;
    this.place(L.latLng(lat + north * step, lng + (east * step) / shrink));
  },

  placeAtPhone({ latitude, longitude, accuracy }) {
    this._map.setView([latitude, longitude], CLOSE);
    this.place(L.latLng(latitude, longitude), Math.round(accuracy));
  },

  /** Put the pin here and write the place down; `accuracy` in metres when a phone claims it. */
  place(latlng, accuracy = "") {
    const { lat, lng } = latlng.wrap();
    this.show(L.latLng(lat, lng));
    write(this.lon, lng.toFixed(DIGITS));
    write(this.lat, lat.toFixed(DIGITS));
    if (this.accuracy) write(this.accuracy, accuracy);
    const detail = { lon: lng, lat, accuracy_m: accuracy === "" ? null : accuracy };
    this.box.dispatchEvent(new CustomEvent("picked", { bubbles: true, detail }));
  },

  show(latlng) {
    this.pin.setLatLng(latlng);
    if (!this.isPlaced()) this.pin.addTo(this._map);
    this._map.panInside(latlng, { padding: [EDGE, EDGE] });
    const [lon, lat] = [latlng.lng.toFixed(DIGITS), latlng.lat.toFixed(DIGITS)];
    this.status.say(fill(this.config.texts.picked, { lon, lat }));
  },

  /** Typed numbers move the pin when both are on the globe; anything else leaves it alone. */
  followInputs() {
    const [lon, lat] = [this.lon, this.lat].map((input) => Number.parseFloat(input.value));
    if (!(Math.abs(lon) <= 180 && Math.abs(lat) <= 85)) return;
    if (!this.isPlaced()) this._map.setView([lat, lon], CLOSE, { animate: false });
    this.show(L.latLng(lat, lon));
  },

  isPlaced() {
    return this._map.hasLayer(this.pin);
  },
});

function write(input, value) {
  input.value = value;
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

showMaps("picker");
respectReducedMotion();
L.pickPointLayer = (options) => new PickPointLayer(options);
