import type { Dice } from "./dice.ts";
import { drawHold, drawPublish, drawRead, drawStream, type Swarm } from "./random-steps.ts";
import type { History, HistoryStep, HoldStep, Place, PublishStep, ReadStep, StreamStep } from "./steps.ts";

/** Draws steps that have to follow each other; such a sequence would be rare otherwise. */
export function drawIdiom(dice: Dice, swarm: Swarm): History {
  const build = new Builder(dice, swarm);
  const { offers } = swarm;
  const all: readonly (() => History)[] = [
    () => build.keysInARow(),
    () => build.refusedThenRepeated(),
    () => build.closing(),
    () => build.removal(),
    () => build.validators(),
    () => build.walk(),
    ...(offers.longPoll
      ? [() => build.manyHolds(), () => build.heldFilter(), () => build.heldRemoval()]
      : []),
    ...(offers.sse
      ? [
          () => build.longReplay(),
          () => build.manyStreams(),
          () => build.resumption(),
          () => build.wideStream(),
        ]
      : []),
    ...(offers.sse && offers.heartbeatS !== undefined ? [() => build.silence()] : []),
    ...(offers.trim ? [() => build.retention(), () => build.emptied()] : []),
  ];
  return dice.pick(all)();
}

const NEWEST: Place = { kind: "newest", n: 0 };

class Builder {
  readonly #dice: Dice;
  readonly #swarm: Swarm;
  readonly #base = { channel: 0 as const, travel: "close" as const };

  constructor(dice: Dice, swarm: Swarm) {
    this.#dice = dice;
    this.#swarm = swarm;
  }

  #publish(more: Partial<PublishStep> = {}): PublishStep {
    const travel = this.#dice.pick(this.#swarm.travels);
    return {
      do: "publish",
      tag: this.#dice.tag(),
      count: 1,
      size: 0,
      events: ["message"],
      channel: 0,
      travel,
      ...more,
    };
  }

  #read(more: Partial<ReadStep> = {}): ReadStep {
    return {
      do: "read",
      at: { kind: "start" },
      by: "poll",
      channel: 0,
      travel: this.#dice.pick(this.#swarm.travels),
      ...more,
    };
  }

  #hold(more: Partial<HoldStep> = {}): HoldStep {
    return {
      do: "hold",
      at: NEWEST,
      wait: 8,
      copies: 1,
      channel: 0,
      travel: this.#dice.pick(this.#swarm.travels),
      ...more,
    };
  }

  #stream(more: Partial<StreamStep> = {}): StreamStep {
    const by = this.#dice.pick(["after", "header"] as const);
    return {
      do: "stream",
      at: NEWEST,
      by,
      copies: 1,
      channel: 0,
      travel: this.#dice.pick(this.#swarm.travels),
      ...more,
    };
  }

  get #settle(): HistoryStep {
    return { do: "settle", ...this.#base };
  }

  #filter(): { readonly event?: string } {
    return this.#swarm.offers.filter && this.#dice.chance(0.5)
      ? { event: this.#dice.pick(this.#swarm.filters) }
      : {};
  }

  keysInARow(): History {
    if (!this.#swarm.offers.keys) return [this.#publish()];
    const keyed = Array.from({ length: this.#dice.int(18, 40) }, (_, index) =>
      this.#publish({ key: 10 + index }),
    );
    const again = [keyed[0], keyed.at(-1), this.#dice.pick(keyed)].filter((step) => step !== undefined);
    const other = this.#dice.chance(0.5) ? [this.#publish({ key: 10 })] : [];
    return [...keyed, ...again, ...other, this.#read()];
  }

  refusedThenRepeated(): History {
    const { keys } = this.#swarm.offers;
    const fault = this.#dice.pick(["json", "empty", "event", "after"] as const);
    const key = keys ? { key: 60 + this.#dice.int(0, 9) } : {};
    const late = this.#publish({ after: { kind: "oldest", n: 0 }, ...key });
    const first = this.#dice.chance(0.5) ? this.#publish({ fault, ...key }) : late;
    const { after: _, ...free } = late;
    return [
      this.#publish(),
      this.#publish(),
      first,
      { ...free, tag: this.#dice.tag() },
      this.#read({ at: { kind: "newest", n: 1 } }),
    ];
  }

  closing(): History {
    const { offers } = this.#swarm;
    const key = offers.keys && this.#dice.chance(0.5) ? { key: 80 } : {};
    const tied = this.#dice.chance(0.5) ? { after: NEWEST } : {};
    const close = this.#publish({ close: true, count: this.#dice.pick([0, 1, 3]), ...key, ...tied });
    const readers = [
      ...(offers.longPoll ? [this.#hold({ copies: this.#dice.pick([1, 10]), ...this.#filter() })] : []),
      ...(offers.sse ? [this.#stream({ ...this.#filter() }), this.#stream({ by: "after" })] : []),
    ];
    const late = [
      this.#read({ at: NEWEST }),
      ...(offers.longPoll ? [this.#hold({ at: NEWEST })] : []),
      ...(offers.sse
        ? [this.#stream({ by: "header" }), this.#stream({ by: "after", ...this.#filter() })]
        : []),
      this.#publish(),
      this.#publish({
        count: 0,
        close: true,
        ...(this.#dice.chance(0.5)
          ? { after: this.#dice.chance(0.5) ? NEWEST : { kind: "oldest", n: 0 } }
          : {}),
      }),
      ...("key" in key ? [close] : []),
    ] as const;
    const before = this.#dice.chance(0.8) ? [this.#publish({ count: 3 })] : [this.#read()];
    return [
      ...before,
      ...readers.filter(() => this.#dice.chance(0.7)),
      close,
      this.#settle,
      ...late.filter(() => this.#dice.chance(0.7)),
      ...(this.#dice.chance(0.3)
        ? [{ do: "remove", ...this.#base } as const, this.#publish(), this.#read()]
        : []),
    ];
  }

  removal(): History {
    const { offers } = this.#swarm;
    const key = offers.keys ? { key: 90 } : {};
    const keyed = this.#publish(key);
    const readers = [
      ...(offers.sse ? [this.#stream({ copies: this.#dice.pick([1, 5]) })] : []),
      ...(offers.longPoll
        ? [this.#hold({ gap: this.#dice.pick(["start", "end"] as const) }), this.#hold()]
        : []),
    ];
    const before = this.#dice.chance(0.2) ? [] : [keyed];
    const empty = before.length === 0 ? [this.#read({ at: { kind: "end" } })] : [];
    return [
      ...before,
      ...empty,
      ...readers.filter(() => this.#dice.chance(0.6)),
      { do: "remove", ...this.#base },
      ...(this.#dice.chance(0.6) ? [this.#settle] : []),
      this.#read({ at: NEWEST }),
      keyed,
      this.#read(),
      this.#settle,
      this.#read({ at: { kind: "oldest", n: 0 } }),
    ];
  }

  validators(): History {
    const at = this.#dice.pick([NEWEST, { kind: "newest", n: 1 }, { kind: "oldest", n: 0 }] as const);
    const plain = this.#read({ at, ...(this.#dice.chance(0.4) ? { limit: 2 } : {}), ...this.#filter() });
    const match = { ...plain, match: "last" as const };
    const change = this.#dice.pick([
      this.#publish(),
      this.#publish({ count: 0, close: true }),
      { do: "remove", ...this.#base } as const,
      this.#read({ at, event: "absent" }),
    ]);
    const changes = change.do === "read" && !this.#swarm.offers.filter ? [] : [change];
    return [
      this.#publish({ count: this.#dice.int(1, 4) }),
      plain,
      match,
      ...changes,
      match,
      { ...plain, match: "any" },
      { ...match, head: true },
    ];
  }

  /** Read everything, page by page, with every limit. */
  walk(): History {
    const count = this.#dice.int(4, 12);
    const limit = this.#dice.int(1, 3);
    const filter = this.#filter();
    const reads = Array.from({ length: count }, (_, n) =>
      this.#read({ at: { kind: "newest", n }, limit, ...filter }),
    );
    return [this.#publish({ count, events: this.#swarm.events }), ...reads];
  }

  manyHolds(): History {
    const copies = this.#dice.pick([3, 10, 20, 40]);
    const count = this.#dice.pick([1, 1, 3, 100]);
    return [this.#publish(), this.#hold({ copies }), this.#publish({ count }), this.#settle];
  }

  heldFilter(): History {
    if (!this.#swarm.offers.filter) return this.manyHolds();
    const hold = this.#hold({ event: "b", wait: this.#dice.pick([1, 8]) });
    const misses = this.#publish({ events: ["a"], count: this.#dice.pick([1, 3, 60]) });
    const hit = this.#publish({
      events: this.#dice.pick([["b"], ["a", "b", "a"]]),
      count: this.#dice.pick([1, 3]),
    });
    return [
      this.#publish({ events: ["a", "b"], count: 4 }),
      hold,
      misses,
      this.#settle,
      ...(this.#dice.chance(0.7) ? [hit] : []),
      this.#settle,
      ...(this.#dice.chance(0.4) ? [{ do: "remove", ...this.#base } as const, this.#settle] : []),
    ];
  }

  heldRemoval(): History {
    const gap = this.#dice.pick([{}, { gap: "start" }, { gap: "end" }] as const);
    const last = this.#dice.pick([
      { do: "remove", ...this.#base } as const,
      this.#publish({ count: 0, close: true }),
    ]);
    return [
      this.#publish({ count: 2 }),
      this.#hold({ ...gap, ...this.#filter(), copies: this.#dice.pick([1, 20]) }),
      last,
      this.#settle,
    ];
  }

  /** A long replay, and a publish before it is over. */
  longReplay(): History {
    const count = this.#dice.pick([60, 100, 100, 100]);
    const blocks = Array.from({ length: this.#dice.int(1, 5) }, () =>
      this.#publish({ count, events: this.#swarm.events }),
    );
    const at: Place = this.#dice.pick([
      { kind: "start" },
      { kind: "oldest", n: 0 },
      { kind: "oldest", n: 40 },
    ]);
    const stream = this.#stream({ at, by: "after", eager: true, ...this.#filter() });
    return [
      ...blocks,
      stream,
      this.#publish(),
      ...(this.#dice.chance(0.5) ? [this.#publish()] : []),
      this.#settle,
      this.#publish(),
      this.#settle,
    ];
  }

  manyStreams(): History {
    const copies = this.#dice.pick([5, 10, 20, 40]);
    return [
      this.#publish(),
      this.#stream({ copies, ...this.#filter() }),
      this.#publish({ count: this.#dice.pick([1, 3]) }),
      this.#settle,
      this.#publish(),
      this.#settle,
    ];
  }

  resumption(): History {
    const stream = this.#stream({ at: { kind: "oldest", n: 0 }, by: "header", ...this.#filter() });
    const steps = Array.from(
      { length: this.#dice.int(1, 3) },
      (): History => [
        this.#publish({ count: this.#dice.int(1, 5), events: this.#swarm.events }),
        this.#settle,
        { do: "cut", which: 0, resume: true, ...this.#base },
      ],
    );
    return [
      this.#publish({ count: 3, events: this.#swarm.events }),
      stream,
      ...steps.flat(),
      this.#publish(),
      this.#settle,
    ];
  }

  /** Large messages by every mechanism. */
  wideStream(): History {
    const size = this.#dice.pick([20_000, 60_000, 100_000, 1_000_000]);
    const large = this.#publish({ size, count: size > 100_000 ? 1 : this.#dice.int(1, 4) });
    const stream = this.#stream({ by: "after", at: { kind: "start" } });
    const { offers } = this.#swarm;
    return [
      this.#publish(),
      ...(offers.longPoll ? [this.#hold()] : []),
      ...(this.#dice.chance(0.5) ? [stream] : []),
      large,
      this.#publish(),
      this.#settle,
      this.#read(),
      this.#read({ at: { kind: "newest", n: 2 } }),
      stream,
      this.#settle,
    ];
  }

  /** A stream that has carried messages, or skipped some, until its heartbeat. */
  silence(): History {
    const restMs = ((this.#swarm.offers.heartbeatS ?? 2) + 0.4) * 1_000;
    const filter = this.#swarm.offers.filter ? { event: "b" } : {};
    const streams = [this.#stream({ by: "after" }), this.#stream({ by: "after", ...filter })];
    return [
      this.#publish({ count: 2, events: ["a", "b"] }),
      ...streams,
      this.#publish({ count: 3, events: ["b", "a", "a"] }),
      { do: "settle", restMs, ...this.#base },
      this.#publish({ events: ["b"] }),
      { do: "cut", which: 1, resume: true, ...this.#base },
      this.#settle,
    ];
  }

  retention(): History {
    const keep = this.#dice.pick([0, 1, 3]);
    const { offers } = this.#swarm;
    const gap = this.#dice.pick([{}, { gap: "start" }, { gap: "end" }] as const);
    const at: Place = { kind: "oldest", n: this.#dice.int(0, 6) };
    const reads: HistoryStep[] = [
      this.#read({ at, ...gap, ...this.#filter() }),
      this.#read({ at: { kind: "newest", n: keep } }),
      this.#read({ at: { kind: "newest", n: keep + 1 }, ...gap }),
      ...(offers.sse ? [this.#stream({ at, ...gap })] : []),
      ...(offers.longPoll ? [this.#hold({ at, ...gap })] : []),
    ];
    return [
      this.#publish({ count: 6 }),
      { do: "trim", keep, ...this.#base },
      ...reads,
      this.#publish({ count: 2 }),
      ...reads,
      this.#settle,
    ];
  }

  /** Readers that wait while everything is dropped. */
  emptied(): History {
    const { offers } = this.#swarm;
    const readers = [...(offers.longPoll ? [this.#hold()] : []), ...(offers.sse ? [this.#stream()] : [])];
    const before = this.#dice.chance(0.5) ? readers : [];
    return [
      this.#publish({ count: 3 }),
      ...before,
      { do: "trim", keep: 0, ...this.#base },
      this.#read(),
      ...readers,
      this.#publish(),
      this.#settle,
      this.#read({ at: { kind: "end" } }),
    ];
  }
}

/** A restart, and what has to survive it besides messages. */
export function drawRestart(dice: Dice, swarm: Swarm): History {
  const base = { channel: 0 as const, travel: "close" as const };
  const build = (more: Partial<PublishStep>): PublishStep => ({
    ...drawPublish(dice, { ...swarm, uses: new Set(), counts: [[1, 5]], sizes: [0] }, base),
    ...more,
  });
  const keyed = build(swarm.offers.keys ? { key: 70 } : {});
  const close = build({ count: dice.pick([0, 1]), close: true });
  const { offers } = swarm;
  return [
    keyed,
    build({}),
    ...(offers.trim && dice.chance(0.4) ? [{ do: "trim", keep: 1, ...base } as const] : []),
    ...(dice.chance(0.4) ? [{ do: "remove", ...base } as const, build({})] : []),
    ...(dice.chance(0.4) ? [close] : []),
    drawRead(dice, swarm, base),
    { do: "restart", ...base },
    keyed,
    drawRead(dice, swarm, base),
    ...(offers.sse ? [drawStream(dice, swarm, base)] : []),
    ...(offers.longPoll ? [drawHold(dice, swarm, base)] : []),
    build({}),
    { do: "settle", ...base },
    { do: "read", at: { kind: "oldest", n: 0 }, by: "poll", ...base },
    { do: "read", at: { kind: "start" }, by: "poll", ...base },
  ];
}
