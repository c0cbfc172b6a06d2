import { Buffer } from "node:buffer";

/** How far a reader got. */
export interface Progress {
  readonly lastEventId: string;
  /** Characters of the stream. */
  readonly characters: number;
}

/** How the clients of a library find a run again. */
export interface Resumption {
  readonly idOf: (response: Response) => string | null;
  readonly resume: (
    url: string,
    progress: Progress,
  ) => { readonly url: string; readonly headers: Record<string, string> };
}

/** Starts a run, and reads it to its end; its connection is cut at random moments in between. */
export class CutReader {
  /** The numbers of the events that it got. */
  readonly numbers: number[] = [];
  /** Resumptions that were answered with an error. */
  refused = 0;
  readonly #resumption: Resumption;
  readonly #random: () => number;
  readonly #origins: readonly string[];
  #text = "";
  #taken = 0;
  #lastEventId = "";

  constructor(resumption: Resumption, random: () => number, origins: readonly string[]) {
    this.#resumption = resumption;
    this.#random = random;
    this.#origins = origins;
  }

  /** Each part of the run is as long as any other, on average. */
  async read(cuts: number, events: number): Promise<void> {
    const at = Array.from({ length: cuts }, () => Math.floor(this.#random() * events));
    at.sort((a, b) => a - b);
    const started = await this.#request(`${this.#origins[0]}/chat`, { method: "POST" });
    const id = this.#resumption.idOf(started.response) ?? "";
    let current = started;
    for (const cut of at) {
      await this.#copy(current, cut);
      // What follows the last whole event is read again by clients that count events, and kept by those that count text.
      const origin = this.#origins[Math.floor(this.#random() * this.#origins.length)];
      const progress = { lastEventId: this.#lastEventId, characters: this.#text.length };
      const { url, headers } = this.#resumption.resume(`${origin}/chat/${id}`, progress);
      if (headers["Last-Event-ID"] !== undefined) this.#text = this.#text.slice(0, this.#taken);
      if (headers["Last-Event-ID"] === "") delete headers["Last-Event-ID"];
      current = await this.#request(url, { headers });
      if (current.response.status === 200) continue;
      if (current.response.status !== 204) this.refused += 1;
      return;
    }
    await this.#copy(current, Number.POSITIVE_INFINITY);
  }

  async #request(url: string, init: RequestInit): Promise<{ response: Response; abort: AbortController }> {
    const abort = new AbortController();
    return { response: await fetch(url, { ...init, signal: abort.signal }), abort };
  }

  /** Read until there are more than `upTo` events, then cut the connection; or to the end of the stream. */
  async #copy(
    { response, abort }: { response: Response; abort: AbortController },
    upTo: number,
  ): Promise<void> {
    const reader = response.body?.getReader();
    while (this.numbers.length <= upTo) {
      const next = await reader?.read();
      if (next === undefined || next.done) return;
      this.#text += Buffer.from(next.value).toString();
      this.#take();
    }
    abort.abort();
  }

  #take(): void {
    for (;;) {
      const end = this.#text.indexOf("\n\n", this.#taken);
      if (end < 0) return;
      const event = this.#text.slice(this.#taken, end);
      this.#taken = end + 2;
      this.#lastEventId = /^id: (.*)$/m.exec(event)?.[1] ?? this.#lastEventId;
      const number = /^data: (\d+)$/m.exec(event)?.[1];
      if (number !== undefined) this.numbers.push(Number(number));
    }
  }
}
