import { performance } from "node:perf_hooks";
import { setTimeout as delay } from "node:timers/promises";
import { createRandom } from "../../../engine/run/context.ts";
import type { LagMonitor } from "../../../engine/run/lag.ts";
import type { RunTools } from "../../../engine/run/suite.ts";
import { Exchange } from "../../../engine/wire/exchange.ts";
import type { RequestInit } from "../../../engine/wire/request.ts";
import { buildRequest } from "../../../engine/wire/request.ts";
import { headerLines } from "../../../engine/wire/secrets.ts";
import { openingRequest, resumingRequest, type Target } from "../target.ts";
import { matchesAny } from "../vocabulary.ts";
import { withoutSharedIds } from "./shared-ids.ts";
import { hasOwnId, Stream, type StreamEvent } from "./stream.ts";

/** With this many events, the stream is not watched for longer than usual. */
const ENOUGH_EVENTS = 4;

/** The most bytes that the suite reads of one response. */
export const MAX_STREAM_BYTES: number = 192 * 1_048_576;

/** A flood shows what it can show in this time. */
const FLOOD_EVENTS = 20_000;
const FLOOD_MS = 6_000;

/**
 * What the suite sees of a stream. One *witness* is never cut; other readers take turns, so that at most two streams of
 * the suite are open at a time. Each look happens once, when a test first needs it, and all tests judge the same bytes.
 */
export class Observation {
  readonly target: Target;
  /** The reader that is never cut. */
  readonly witness: Stream;
  readonly signal: AbortSignal;
  readonly random: () => number;
  readonly #lag: LagMonitor;
  /** Publishes in this interval until the function that it returns is called; set if the suite can publish. */
  ticker: ((everyMs: number) => () => Promise<void>) | undefined;
  readonly #feeds = new Map<
    Stream,
    { taken: number; readonly all: StreamEvent[]; readonly withIds: StreamEvent[] }
  >();
  /** When other readers were opened, by `performance.now()`. */
  readonly openings: number[] = [];
  /** Every exchange but the witness's. */
  readonly others: Exchange[] = [];
  /** The requests that published something. */
  readonly publishes: Set<Exchange> = new Set();
  readonly #once = new Map<string, Promise<unknown>>();
  #turn: Promise<unknown> = Promise.resolve();
  #witnessed: Promise<void> | undefined;
  #readers = 0;

  constructor(target: Target, witness: Stream, { signal, lag, seed }: RunTools) {
    const random = createRandom(seed);
    this.#lag = lag;
    this.target = target;
    this.witness = witness;
    this.signal = signal;
    this.random = random;
    signal.addEventListener("abort", () => witness.exchange.abort(), { once: true });
  }

  /** Resolves when the witness has seen enough, and no other reader needs it any more. */
  watched(): Promise<void> {
    this.#witnessed ??= this.#watch();
    return this.#witnessed;
  }

  /** Do something once, whoever asks first. */
  once<T>(name: string, act: () => Promise<T>): Promise<T> {
    const known = this.#once.get(name) as Promise<T> | undefined;
    if (known) return known;
    const started = act();
    this.#once.set(name, started);
    return started;
  }

  /** Do something once with a second reader, after those that asked before; the witness goes on meanwhile. */
  inTurn<T>(name: string, act: () => Promise<T>): Promise<T> {
    return this.once(name, () => {
      this.#readers += 1;
      const mine = this.#turn
        .then(() => this.#withEvents(name, act))
        .finally(() => {
          this.#readers -= 1;
        });
      this.#turn = mine.catch(() => undefined); // its own caller hears of the failure
      return mine;
    });
  }

  /** Publish now and then while a reader waits for events, if the suite can. */
  async #withEvents<T>(name: string, act: () => Promise<T>): Promise<T> {
    // What is published could hide that the server sends nothing by itself.
    if (this.ticker) await this.witness.until(() => this.witness.exchange.body.length > 0, FIRST_BYTE_MS);
    const stop = name === "published" ? undefined : this.ticker?.(TICK_MS);
    try {
      return await act();
    } finally {
      await stop?.();
    }
  }

  /** Send a request with the user's headers. */
  send(init: RequestInit, options: { readonly bare?: boolean } = {}): Exchange {
    this.signal.throwIfAborted();
    const { headers, insecure } = this.target;
    const extra = options.bare ? [] : headerLines(headers);
    const given = new Set((init.headers ?? []).map(([name]) => name.toLowerCase()));
    const lines = [...(init.headers ?? []), ...extra.filter(([name]) => !given.has(name.toLowerCase()))];
    const exchange = new Exchange(buildRequest({ ...init, headers: lines }), {
      insecure,
      maxBytes: MAX_STREAM_BYTES,
    });
    this.signal.addEventListener("abort", () => exchange.abort(), { once: true });
    this.others.push(exchange);
    return exchange;
  }

  /** Open another reader, from the beginning or after an id; undefined if the stream has only one reader. */
  open(lastId?: string, extra: RequestInit["headers"] = []): Stream | undefined {
    const location = this.witness.exchange.header("location");
    const place = location && new URL(location, this.target.url).href;
    const isShared = this.target.settings.method === "GET"; // each POST starts a stream of its own
    const init =
      lastId === undefined && isShared
        ? openingRequest(this.target)
        : resumingRequest(this.target, lastId ?? "", place);
    if (init) this.openings.push(performance.now());
    const own = new Set(extra.map(([name]) => name));
    const usual = (init?.headers ?? []).filter(([name]) => !own.has(name));
    return init && new Stream(this.send({ ...init, headers: [...usual, ...extra] }));
  }

  /** Whether this process has stood still for so long that what it did not see in time means nothing. */
  hasLagged(): boolean {
    return this.#lag.since(this.witness.exchange.startedAt) >= STALL_MS;
  }

  /** Whether an event only shows that the stream is alive. */
  isPing(event: StreamEvent): boolean {
    return matchesAny(this.target.vocabulary.pings, event);
  }

  /** The events of a stream that clients wait for: with an id of their own if any event has one. */
  feedOf(stream: Stream): readonly StreamEvent[] {
    const { events } = stream;
    const known = this.#feeds.get(stream) ?? { taken: 0, all: [], withIds: [] };
    this.#feeds.set(stream, known);
    const newest = events[known.taken - 1];
    if (newest && hasOwnId(newest) && known.all.at(-1)?.id === undefined && !this.isPing(newest)) {
      known.all[known.all.length - 1] = newest; // its id came in the next block
      known.withIds.push(newest);
    }
    for (; known.taken < events.length; known.taken += 1) {
      const event = events[known.taken];
      if (!event || this.isPing(event)) continue;
      known.all.push(event);
      if (hasOwnId(event)) known.withIds.push(event);
    }
    if (stream !== this.witness) this.feedOf(this.witness);
    const ours = this.#feeds.get(this.witness)?.withIds ?? [];
    return ours.length > 0 ? withoutSharedIds(known.withIds, ours) : known.all;
  }

  /** How long the witness has been open since its head, in milliseconds. */
  get watchedMs(): number {
    const { headAtMs = 0, endedAtMs, elapsedMs } = this.witness.exchange;
    return (endedAtMs ?? elapsedMs) - headAtMs;
  }

  /** How long the witness is watched at least, in milliseconds: longer if few events come. */
  get plannedMs(): number {
    const { longObserveMs, observeMs } = this.target.settings;
    return this.witness.events.length < ENOUGH_EVENTS ? longObserveMs : observeMs;
  }

  /** Wait for a condition that another stream may bring about. */
  async wait(condition: () => boolean, limitMs: number): Promise<boolean> {
    const end = performance.now() + limitMs;
    while (!condition() && performance.now() < end && !this.signal.aborted) await delay(LOOK_MS);
    this.signal.throwIfAborted();
    return condition();
  }

  /** Drop everything. */
  end(): void {
    this.witness.exchange.abort();
  }

  async #watch(): Promise<void> {
    const { witness } = this;
    const over = (): boolean => {
      const events = witness.events.length;
      if (events >= FLOOD_EVENTS && this.watchedMs >= FLOOD_MS) return true;
      return this.watchedMs >= this.plannedMs;
    };
    while (!witness.exchange.ending && !this.signal.aborted && !(over() && this.#readers === 0))
      await witness.until(() => false, WATCH_MS);
    this.signal.throwIfAborted();
    await this.#turn;
  }
}

/** A pause of this process that can hide an event from one reader. */
const STALL_MS = 700;

/** How long a server may take for a first byte, and a little more. */
const FIRST_BYTE_MS = 5_600;

/** How often something is published to a feed that the suite can publish to. */
const TICK_MS = 300;

/** How often conditions that concern several streams are looked at. */
const LOOK_MS = 15;

/** How often the witness is asked whether it has seen enough. */
const WATCH_MS = 100;
