import type { Dice } from "../dice.ts";
import type { HistoryStep, HoldStep, Place, PublishStep, ReadStep, StreamStep } from "../steps.ts";
import type { Swarm } from "../swarm.ts";

/** The cursor that was seen last: mostly the end. */
export const NEWEST: Place = { kind: "newest", n: 0 };

/** The first cursor that was seen. */
export const OLDEST: Place = { kind: "oldest", n: 0 };

const BASE = { channel: 0, travel: "close" } as const;

export const SETTLE: HistoryStep = { do: "settle", ...BASE };

export const REMOVE: HistoryStep = { do: "remove", ...BASE };

/** Makes the steps of idioms, and what a swarm leaves open in them. */
export class Build {
  readonly dice: Dice;
  readonly swarm: Swarm;

  constructor(dice: Dice, swarm: Swarm) {
    this.dice = dice;
    this.swarm = swarm;
  }

  get #base() {
    return { channel: 0, travel: this.dice.pick(this.swarm.travels) } as const;
  }

  publish(more: Partial<PublishStep> = {}): PublishStep {
    const tag = this.dice.tag();
    return { do: "publish", tag, count: 1, size: 0, events: ["message"], ...this.#base, ...more };
  }

  close(more: Partial<PublishStep> = {}): PublishStep {
    return this.publish({ count: 0, close: true, ...more });
  }

  read(more: Partial<ReadStep> = {}): ReadStep {
    return { do: "read", at: { kind: "start" }, by: "poll", ...this.#base, ...more };
  }

  /** None, if the server has no long polling. */
  hold(more: Partial<HoldStep> = {}): readonly HoldStep[] {
    const wait = this.dice.pick([8, 20]);
    const step: HoldStep = { do: "hold", at: NEWEST, wait, copies: 1, ...this.#base, ...more };
    return this.swarm.offers.longPoll ? [step] : [];
  }

  /** None, if the server has no streams. */
  stream(more: Partial<StreamStep> = {}): readonly StreamStep[] {
    const by = this.dice.pick(["after", "header"] as const);
    const step: StreamStep = { do: "stream", at: NEWEST, by, copies: 1, ...this.#base, ...more };
    return this.swarm.offers.sse ? [step] : [];
  }

  rest(restMs: number): HistoryStep {
    return { do: "settle", restMs, ...BASE };
  }

  cut(which: number): HistoryStep {
    return { do: "cut", which, resume: true, ...BASE };
  }

  trim(keep: number): readonly HistoryStep[] {
    return this.swarm.offers.trim ? [{ do: "trim", keep, ...BASE }] : [];
  }

  /** A filter, or none. */
  filter(share = 0.5): { readonly event?: string } {
    const { offers, filters } = this.swarm;
    return offers.filter && this.dice.chance(share) ? { event: this.dice.pick(filters) } : {};
  }

  /** A filter of this text, if the server has filters. */
  only(event: string): { readonly event?: string } {
    return this.swarm.offers.filter ? { event } : {};
  }

  gap(share = 0.6): { readonly gap?: "start" | "end" } {
    return this.dice.chance(share) ? { gap: this.dice.pick(["start", "end"] as const) } : {};
  }

  /** A position that a history can have: known, lost, or never given. */
  anyPlace(): Place {
    const n = this.dice.int(0, 4);
    return this.dice.pick<Place>([
      OLDEST,
      NEWEST,
      { kind: "newest", n },
      { kind: "oldest", n },
      { kind: "foreign" },
      { kind: "forged", n },
      { kind: "start" },
      { kind: "end" },
    ]);
  }

  /** Some of the steps, in their order. */
  some<T>(steps: readonly T[], share = 0.7): readonly T[] {
    return steps.filter(() => this.dice.chance(share));
  }

  shuffle<T>(steps: readonly T[]): readonly T[] {
    const left = [...steps];
    return steps.map(() => left.splice(this.dice.int(0, left.length - 1), 1)[0] as T);
  }
}
