import { channelOf } from "./inspection.ts";
import { messageKeyOf, type RawRecord } from "./raw-record.ts";

/** Counts present and missing messages. Messages must be added in order. */
export class Survey {
  messages = 0;
  /** Runs of consecutive messages, by incarnation. */
  readonly #runs = new Map<number, [first: number, last: number][]>();
  readonly #channels = new Map<string, ReturnType<typeof channelOf>>();

  get channels(): number {
    return this.#channels.size;
  }

  add({ table, key, text }: RawRecord): void {
    if (table === "channels") this.#channels.set(key.toString(), channelOf(text));
    if (table !== "messages") return;
    const [incarnation, seq] = messageKeyOf(key);
    if (seq === 0) return; // the channel's name
    this.messages += 1;
    const runs = this.#runs.get(incarnation) ?? [];
    const run = runs.at(-1);
    if (run?.[1] === seq - 1) run[1] = seq;
    else runs.push([seq, seq]);
    this.#runs.set(incarnation, runs);
  }

  /** The keys of channels with missing messages, and how many each. */
  missing(): Map<string, number> {
    const missing = new Map<string, number>();
    for (const [name, { incarnation, first, last }] of this.#channels) {
      let count = last - first + 1;
      for (const [from, to] of this.#runs.get(incarnation) ?? []) {
        count -= Math.max(0, Math.min(to, last) - Math.max(from, first) + 1);
      }
      if (count > 0) missing.set(name, count);
    }
    return missing;
  }
}
