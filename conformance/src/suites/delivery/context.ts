import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { parseDuration } from "../../engine/config/values.ts";
import type { Claim } from "../../engine/model/claim.ts";
import type { ReasonCode } from "../../engine/model/outcome.ts";
import { Undecided } from "../../engine/run/checks.ts";
import type { ContextTools } from "../../engine/run/context.ts";
import { HttpContext } from "../../engine/run/http-context.ts";
import type { Test } from "../../engine/run/test.ts";
import type { Exchange } from "../../engine/wire/exchange.ts";
import type { Delivery } from "./delivery.ts";
import type { DeliveryPromises, Mechanism } from "./dialect/dialect.ts";
import { Feed, hasFeeds } from "./feed.ts";
import { type Due, faultIn, without } from "./judge.ts";
import type { Reader, Sender } from "./read/reader.ts";
import type { Target } from "./target.ts";

/** What a test of this suite needs: see `unmetNeed`. */
export type Need =
  | `promise:${keyof DeliveryPromises}`
  | "resume"
  | "batch"
  | "close"
  | "loss"
  | "restart"
  | "feeds"
  | "readers"
  | Mechanism;

/** One test of a delivery. */
export type DeliveryTest = Test<DeliveryContext, Need>;

/** How long messages may take to arrive. */
export const ARRIVE_MS = 5_000;

/** The sentences that a kind of fault violates. */
export interface Sentences {
  readonly lost: string;
  readonly repeated: string;
  readonly reordered: string;
}

/** What a test works with. */
export class DeliveryContext extends HttpContext<Target> {
  readonly delivery: Delivery;
  readonly feeds: Feed[] = [];
  #leaveTurn: () => void = () => undefined;

  constructor(delivery: Delivery, tools: ContextTools) {
    super(delivery.target, tools);
    this.delivery = delivery;
  }

  /** The mechanisms that deliver to readers that are there: others have their finding already. */
  get mechanisms(): readonly Mechanism[] {
    const { steady, offered } = this.delivery;
    const working = offered.filter((mechanism) => {
      const seen = steady.get(mechanism);
      const order = seen?.sent.map(({ mark }) => mark) ?? [];
      return seen?.delivers && seen.readers.every(({ marks }) => faultIn(marks, { order }) === undefined);
    });
    if (working.length === 0)
      throw new Undecided(
        "DEPENDENCY_FAILED",
        "no mechanism delivers each message once, in order (DL-READ-1)",
      );
    return working;
  }

  /** Requests of readers and publishers are evidence of this test. */
  get sender(): Sender {
    return {
      signal: this.tools.signal,
      send: (init, kind) => {
        const exchange = this.send(init);
        this.target.kinds.set(exchange, kind);
        return exchange;
      },
    };
  }

  /** A feed that nobody has used; the readers of the test's earlier feeds leave. */
  async feed(): Promise<Feed> {
    for (const earlier of this.feeds) await earlier.leave();
    if (this.feeds.length === 0 && !hasFeeds(this.target)) await this.#takeTurn();
    const feed = await Feed.open(this.target, this.sender, randomBytes(3).toString("hex"));
    this.feeds.push(feed);
    this.channels.push(feed.channel);
    return feed;
  }

  /** What other tests publish to the same feed could push messages out of its history. */
  async #takeTurn(): Promise<void> {
    const { turn } = this.delivery;
    const before = turn.last;
    turn.last = new Promise((done) => {
      this.#leaveTurn = done;
    });
    await before;
    this.tools.signal.throwIfAborted();
  }

  /** Readers that are there: each has got a message. */
  async present(feed: Feed, readers: readonly Reader[]): Promise<void> {
    await feed.wait(() => readers.every((reader) => reader.isReading || reader.refusal), 2_500);
    const isServed = (): boolean => readers.every(({ got, refusal }) => got.length > 0 || refusal);
    for (let n = 0; n < 5 && !isServed(); n += 1) {
      const sent = await feed.send();
      if (sent.refused !== undefined) throw new Undecided("PRECONDITION_FAILED", sent.refused);
      await feed.wait(isServed, 600);
    }
    if (!isServed()) await feed.wait(isServed, ARRIVE_MS); // what comes late is the finding of another test
    const refused = readers.find(({ refusal }) => refusal);
    if (refused)
      throw new Undecided(
        "PRECONDITION_FAILED",
        `a reader by ${refused.mechanism} is refused with ${refused.refusal?.status ?? refused.refusal?.failure}`,
      );
    if (!isServed()) throw new Undecided("DEPENDENCY_FAILED", "a reader gets no message at all (DL-READ-1)");
  }

  /** How long a request is held without a message, in milliseconds. */
  get holdMs(): number | undefined {
    const { limitMs, dialect } = this.target;
    return limitMs ?? parseDuration(dialect["long-poll"]?.limit ?? "");
  }

  /** Whether feeds have names: what is published to one is not for the others. */
  get hasNames(): boolean {
    const { base, dialect, driver } = this.target;
    return (
      base.includes("{channel}") || (!driver && JSON.stringify(dialect.publish ?? "").includes("{channel}"))
    );
  }

  /** Drop all but the newest messages of a feed. */
  async lose(feed: Feed, keep: number): Promise<void> {
    const { dialect, control } = this.target;
    if (dialect.trim) {
      const { status = 0 } = await feed.ask(dialect.trim, { keep: String(keep) });
      if (status < 200 || status > 299)
        throw new Undecided("PRECONDITION_FAILED", `trim was answered with ${status}`);
      return;
    }
    if (dialect.keeps !== undefined) {
      await feed.publish(dialect.keeps + keep);
      return;
    }
    await this.drive(async (context) => control?.trim?.(feed.channel, keep, context));
  }

  /** Restart the server. */
  async restart(): Promise<void> {
    await this.drive(async (context) => this.target.control?.restart?.(context));
  }

  /** End a feed. */
  async close(feed: Feed): Promise<void> {
    const { close } = this.target.dialect;
    const exchange = close && (await feed.ask(close));
    const { status = 0 } = exchange ?? {};
    if (status < 200 || status > 299)
      throw new Undecided("PRECONDITION_FAILED", `close was answered with ${status}`);
  }

  /** Wait for a condition; if this process was late meanwhile, wait once more. */
  async patiently(feed: Feed, condition: () => boolean, limitMs: number): Promise<boolean> {
    const began = performance.now();
    const held = await feed.wait(condition, limitMs);
    return held || (this.tools.lag.isLate(began) && (await feed.wait(condition, limitMs)));
  }

  /** Wait until readers have so many messages, then a moment longer, for messages that come again. */
  async complete(feed: Feed, readers: readonly Reader[], count: number): Promise<void> {
    const hasAll = (): boolean => readers.every(({ got, refusal }) => got.length >= count || refusal);
    await this.patiently(feed, hasAll, ARRIVE_MS);
    await delay(120);
  }

  /** Judge what a reader got: one sentence for each kind of fault. */
  judgeReader(reader: Reader, due: Due, sentences: Sentences, what = ""): void {
    const exchange = this.show(reader.refusal ?? reader.got.at(-1)?.exchange ?? reader.exchange);
    const title = `by ${reader.mechanism}${what === "" ? "" : `, ${what}`}`;
    const { marks } = reader;
    const kinds = new Map<string, ("lost" | "repeated" | "reordered" | "foreign")[]>();
    for (const kind of ["lost", "repeated", "reordered"] as const) {
      const id = sentences[kind];
      kinds.set(id, [...(kinds.get(id) ?? []), kind]);
    }
    for (const [id, some] of kinds)
      this.check(id, this.#withRefusal(without(some, title, marks, due), reader), exchange);
  }

  /** More time does not help a reader that was refused. */
  #withRefusal(claimed: Claim, { refusal }: Reader): Claim {
    if (claimed.ok || !refusal) return claimed;
    const why = refusal.status ?? refusal.failure ?? refusal.ending;
    return { ...claimed, actual: `${claimed.actual} (the reader was refused with ${why})`, timed: false };
  }

  /** Check with an exchange as evidence. */
  judge(requirement: string, claimed: Claim, exchange: Exchange | undefined): boolean {
    return this.check(requirement, claimed, this.show(exchange));
  }

  /** Make an exchange part of the test's evidence. */
  show(exchange: Exchange | undefined): Exchange | undefined {
    if (exchange && !this.exchanges.includes(exchange)) this.exchanges.push(exchange);
    return exchange;
  }

  /** End the test: what it needs did not happen. What it has checked before still counts. */
  unseen(code: ReasonCode, detail: string): never {
    throw new Undecided(code, detail, { partial: true });
  }

  override kindOf(index: number): string {
    const exchange = this.exchanges[index];
    return (exchange && this.target.kinds.get(exchange)) ?? "other";
  }

  override end(): void {
    for (const feed of this.feeds) void feed.leave();
    this.#leaveTurn();
    super.end();
  }
}
