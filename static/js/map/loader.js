/* Asks the endpoint; a newer question ends the one before it. */

export class Loader {
  constructor(endpoint) {
    this.endpoint = endpoint;
    this.current = null;
  }

  /** The answer for a view, or null when a newer question overtook it. */
  async view(box, zoom) {
    this.current?.abort();
    const mine = new AbortController();
    this.current = mine;
    try {
      return await this.ask(box, zoom, "", mine.signal);
    } catch (error) {
      if (mine.signal.aborted) return null;
      throw error;
    }
  }

  /** The findings in some boxes, as points. */
  async points(boxes, zoom) {
    const answers = await Promise.all(boxes.map((box) => this.ask(box, zoom, "points")));
    return {
      items: answers.flatMap((answer) => answer.items),
      truncated: answers.some((answer) => answer.truncated),
    };
  }

  async ask(box, zoom, mode, signal) {
    const url = new URL(this.endpoint, location.href);
    url.searchParams.set("bbox", box.join(","));
    url.searchParams.set("z", zoom);
    if (mode) url.searchParams.set("mode", mode);
    const answer = await fetch(url, { signal, headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(`${answer.status}`);
    return answer.json();
  }
}
