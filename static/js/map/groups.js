/* Single places and cells into groups that do not cover each other on the screen. */

const APART = 40; // pixels between two markers: no marker covers another one's target

/** One entry for each item of an answer: where it is, and how many of each mark. */
function entry(item, mode, marks) {
  const counts = mode === "points" ? marks.map((mark) => Number(mark === item.mark)) : item.n;
  return { place: L.latLng(item.lat, item.lon), counts, item, isPoint: mode === "points" };
}

/** Groups in reading order: rows from north to south, in a row from west to east.
 *  The first entry of a group gives its place, so that it stays where it is while others come. */
export function groupsOf(answer, map, { marks, group: shared }) {
  const buckets = new Map();
  const groups = [];
  for (const one of answer.items.map((item) => entry(item, answer.mode, marks))) {
    const at = map.project(one.place);
    const near = nearest(buckets, at);
    if (near) {
      near.entries.push(one);
    } else {
      const group = { at, entries: [one] };
      groups.push(group);
      bucket(buckets, at).push(group);
    }
  }
  return groups.map((group) => finished(group, marks, shared)).sort(inReadingOrder);
}

function nearest(buckets, at) {
  const around = [-1, 0, 1].flatMap((x) => [-1, 0, 1].map((y) => buckets.get(key(at, x, y)) ?? []));
  return around.flat().find((group) => group.at.distanceTo(at) < APART);
}

function bucket(buckets, at) {
  const name = key(at, 0, 0);
  if (!buckets.has(name)) buckets.set(name, []);
  return buckets.get(name);
}

function key(at, x, y) {
  return `${Math.floor(at.x / APART) + x}/${Math.floor(at.y / APART) + y}`;
}

/** `mark` is the gravest that is there; `shape` how the group is drawn. */
function finished({ at, entries }, marks, shared) {
  const counts = marks.map((_, i) => entries.reduce((sum, one) => sum + one.counts[i], 0));
  const place = entries[0].place;
  const single = entries.length === 1 && entries[0].isPoint;
  const mark = marks[counts.findIndex((count) => count > 0)];
  return {
    at,
    place,
    entries,
    count: counts.reduce((a, b) => a + b, 0),
    mark,
    shape: single ? mark : shared || mark,
    key: single ? `point ${entries[0].item.id}` : `group ${place.lat} ${place.lng}`,
    isPoint: entries[0].isPoint,
    single: single ? entries[0].item : null,
  };
}

function inReadingOrder(a, b) {
  const rows = Math.floor(a.at.y / APART) - Math.floor(b.at.y / APART);
  return rows || a.at.x - b.at.x;
}
