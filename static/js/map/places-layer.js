/* The layer of marked places: findings or facilities. It asks for what the view needs and draws it; what the endpoint answers
   is described in audit/maps/page.py. Runs before the map's own script and adds the maker that
   the script calls. */

import { attachTools, calmGestures } from "./tools.js";
import { boxOf, readConfig, respectReducedMotion, showMaps } from "./config.js";
import { cellBox, shareView, showSharedView, snappedBox } from "./view.js";
import { drawBackdrop } from "./backdrop.js";
import { groupsOf } from "./groups.js";
import { Loader } from "./loader.js";
import { Markers } from "./markers.js";
import { Panel } from "./panel.js";
import { Roving } from "./roving.js";
import { showShapes } from "./shapes.js";
import { Status, summaryOf } from "./status.js";

const WAIT_MS = 120;

const PlacesLayer = L.Layer.extend({
  initialize({ config, bounds, start }) {
    this.config = { ...readConfig(config), id: config.replace(/-config$/, "") };
    this.bounds = bounds;
    this.start = start;
    this.groups = [];
  },

  onAdd(map) {
    const { texts } = this.config;
    this.box = boxOf(map);
    this.status = new Status(this.box);
    this.loader = new Loader(this.config.endpoint);
    this.markers = new Markers(map, this.config, (group) => this.choose(group));
    this.roving = new Roving(map);
    this.panel = new Panel(this.box, this.config, () => this.returnFocus());
    drawBackdrop(map, this.config, this.status);
    attachTools(map, this.box, this.bounds, (coords) => this.goTo(coords), this.status, texts);
    calmGestures(map, this.status, texts);
    if (!showSharedView(map)) map.fitBounds(this.start, { animate: false });
    map.on("moveend", this.moved, this);
    addEventListener("hashchange", () => showSharedView(map));
    if (this.config.shapes) showShapes(map, this.config.shapes);
    this.load();
  },

  onRemove(map) {
    clearTimeout(this.timer);
    map.off("moveend", this.moved, this);
    this.markers.clear();
  },

  moved() {
    shareView(this._map);
    this.markReachable();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.load(), WAIT_MS);
  },

  async load() {
    const bbox = snappedBox(this._map);
    const zoom = this._map.getZoom();
    try {
      const answer = await this.loader.view(bbox, zoom);
      if (answer) this.draw(answer, bbox, zoom);
    } catch {
      this.status.say(this.config.texts.failed);
    }
  },

  draw(answer, bbox, zoom) {
    this.groups = groupsOf(answer, this._map, this.config);
    this.markers.draw(this.groups);
    const { inView, reachable } = this.markReachable();
    this.status.say(summaryOf(inView, reachable, this.config));
    const { total, truncated } = answer;
    const detail = { zoom, bbox, total, truncated, shown: this.groups.length };
    this.box.dispatchEvent(new CustomEvent("drawn", { bubbles: true, detail }));
  },

  /** Markers outside the view are drawn, for the next pan, but reach neither keyboard nor ear.
   *  Gives the groups in view, and whether the keyboard can reach them. */
  markReachable() {
    const view = this._map.getBounds();
    const inView = this.groups.filter((group) => view.contains(group.place));
    for (const group of this.groups) {
      const element = this.markers.elementOf(group);
      const outside = !inView.includes(group);
      if (outside && element === document.activeElement) this.focusMap();
      element.inert = outside;
    }
    const elements = inView.map((group) => this.markers.elementOf(group));
    return { inView, reachable: this.roving.set(elements) };
  },

  choose(group) {
    this.chosen = group;
    if (group.single) this.panel.showOne(group.single);
    else if (this.canSplit(group)) this.zoomTo(group);
    else this.list(group);
  },

  /** Cells split until the last zoom; points at one place never do. */
  canSplit(group) {
    if (this._map.getZoom() >= this._map.getMaxZoom()) return false;
    if (!group.isPoint) return true;
    const spread = L.latLngBounds(group.entries.map((entry) => entry.place));
    return spread.getNorthWest().distanceTo(spread.getSouthEast()) > 1;
  },

  zoomTo(group) {
    const spread = L.latLngBounds(group.entries.map((entry) => entry.place));
    const fitting = this._map.getBoundsZoom(spread.pad(0.2));
    const zoom = Math.max(this._map.getZoom() + 2, group.isPoint ? fitting : 0);
    const middle = group.isPoint ? spread.getCenter() : group.place;
    this._map.setView(middle, Math.min(zoom, this._map.getMaxZoom()));
  },

  async list(group) {
    if (group.isPoint) {
      this.panel.showList(group.entries.map((entry) => entry.item), false);
      return;
    }
    const boxes = group.entries.map((entry) => cellBox(this._map, entry.place));
    try {
      const { items, truncated } = await this.loader.points(boxes, this._map.getZoom() + 2);
      this.panel.showList(items, truncated);
    } catch {
      this.panel.showFailure();
    }
  },

  returnFocus() {
    const element = this.markers.elementOf(this.chosen);
    if (element && !element.inert) element.focus({ preventScroll: true });
    else this.focusMap();
  },

  focusMap() {
    this._map.getContainer().focus({ preventScroll: true });
  },

  goTo({ latitude, longitude }) {
    this._map.setView([latitude, longitude], 16);
  },
});

showMaps("places");
respectReducedMotion();
L.placesLayer = (options) => new PlacesLayer(options);
