import { setMaxListeners } from "node:events";
import { performance } from "node:perf_hooks";
import { setTimeout as delay } from "node:timers/promises";
import type { Claim } from "../../../engine/model/claim.ts";
import type { RequirementResult } from "../../../engine/model/result.ts";
import { Undecided } from "../../../engine/run/checks.ts";
import { type ContextTools, RunContext } from "../../../engine/run/context.ts";
import type { ExchangeRecord } from "../../../engine/wire/transcript.ts";
import type { ClientMechanism, Hello, Open, PublishOrder } from "./contract.ts";
import type { Harness } from "./harness.ts";
import type { Origin } from "./origin.ts";
import type { Reading } from "./reading.ts";
import { type ChannelScript, ScriptedChannel } from "./scripted-channel.ts";
import type { SeenRequest } from "./seen-request.ts";
import { settle } from "./settle.ts";

/** What the contexts of all tests share. */
export interface ClientParts {
  readonly hello: Hello;
  readonly harness: Harness;
  readonly origin: Origin;
  /** How long to wait for something that is due; a bound on liveness, not on speed. */
  readonly patienceMs: number;
}

/** Further members of an `open` order, besides the channel and the mechanism. */
export type Opening = Partial<Omit<Open, "type" | "id" | "url" | "mechanism">>;

/** The limits in tests assume this patience; a different one scales all of them. */
export const USUAL_PATIENCE_MS = 10_000;

/** If this process lags this much, so may the client, and its own timeouts may have expired. */
const STARVED_MS = 1_000;

/** Bound of the client's first random wait; short, so that a failure takes little time. */
export const RECONNECT_MS = 20;

/** Most waits of one `until`. */
const MAX_WAITS = 3;

/** Most time that is added to a watch because this process was late. */
const MOST_GIVEN_BACK_MS = 5_000;

/** The client counts as busy if a new message came within this share of the limit. */
const BUSY_SHARE = 1 / 4;

/** Most recorded requests of a test, so that a client that never pauses does not fill the report. */
const MAX_RECORDED = 2_000;

const NOT_ALL = `only the first ${MAX_RECORDED} requests are recorded`;

/** What a client test works with: channels whose answers it scripts, and all that the client requests and reports. */
export class ClientContext extends RunContext<SeenRequest> {
  readonly hello: Hello;
  readonly #parts: ClientParts;
  readonly #test: string;
  readonly #readings: Reading[] = [];
  #channels = 0;
  /** Whether something that was due did not come within the patience of a wait. */
  #waitedInVain = false;
  /** When the current series of unsuccessful waits began; undefined after a success or a new action of the test. */
  #vainSince: number | undefined;

  /** @param test the id of the test */
  constructor(parts: ClientParts, test: string, tools: ContextTools) {
    super(tools);
    this.#parts = parts;
    this.#test = test;
    this.hello = parts.hello;
    setMaxListeners(0, tools.signal); // tests wait for many things at once
  }

  /** The requests to the channels of this test, up to {@link MAX_RECORDED}. */
  get requests(): readonly SeenRequest[] {
    return this.exchanges;
  }

  /** After a wait in vain, a slow client looks like a broken one: a claim that does not say otherwise is about time. */
  override check(requirement: string, claimed: Claim, request?: SeenRequest): boolean {
    return super.check(requirement, { ...claimed, timed: claimed.timed ?? this.#waitedInVain }, request);
  }

  /** A channel that no other test uses. */
  channel(script: ChannelScript = {}): ScriptedChannel {
    this.#channels += 1;
    const { attempt } = this.tools;
    const path = `/${this.#test}/${attempt === 1 ? this.#channels : `${this.#channels}-${attempt}`}`;
    return new ScriptedChannel(this.#parts.origin, path, script, {
      onRequest: (request) => this.#keep(request),
      onChange: () => this.#begun(),
    });
  }

  /** Tell the client to follow a channel. */
  open(channel: ScriptedChannel, mechanism: ClientMechanism, opening: Opening = {}): Reading {
    const { options = {}, commit = "auto", ...rest } = opening;
    const { url } = channel;
    const waits = { reconnectMs: RECONNECT_MS, waitMs: 1_000, ...options };
    return this.#begin({ type: "open", url, mechanism, commit, options: waits, ...rest });
  }

  /** Tell the client to publish. */
  publish(
    channel: ScriptedChannel,
    messages: PublishOrder["messages"],
    opening: Pick<PublishOrder, "key"> = {},
  ): Reading {
    const options = { reconnectMs: RECONNECT_MS };
    return this.#begin({ type: "publish", url: channel.url, messages, options, ...opening });
  }

  /** Tell the adapter that the application has handled message `n` of a reading. */
  commit(reading: Reading, n: number): void {
    this.#begun();
    this.#parts.harness.send({ type: "commit", id: reading.id, n });
  }

  /** Kill the client of a reading without warning, and start it again. */
  restart(reading: Reading): void {
    this.#begun();
    this.#parts.harness.send({ type: "restart", id: reading.id });
  }

  /** Tell the client to leave a channel. */
  close(reading: Reading): void {
    this.#begun();
    this.#parts.harness.send({ type: "close", id: reading.id });
  }

  /**
   * Wait until the condition holds or the limit has passed; resolves to whether it holds. Consecutive waits without
   * success share one limit, because the next condition was due all along. The limit starts again, a few times, if this
   * process lagged or new messages are still being delivered: then the machine is slow, and the client is not silent.
   */
  async until(condition: () => boolean, usualLimitMs: number = USUAL_PATIENCE_MS): Promise<boolean> {
    if (condition()) return true;
    const limitMs = usualLimitMs * (this.#parts.patienceMs / USUAL_PATIENCE_MS);
    for (let wait = 1; ; wait += 1) {
      const begun = this.#vainSince ?? performance.now();
      const enough = begun + (wait === 1 ? limitMs : Math.min(limitMs, this.#parts.patienceMs));
      if (await this.#wait(condition, Math.max(0, enough - performance.now()))) {
        this.#vainSince = undefined;
        return true;
      }
      this.#vainSince = begun;
      const isLate = this.tools.lag.isLate(begun);
      const silentSince = Math.max(...this.#readings.map(({ newAt }) => newAt));
      const isBusy = performance.now() - silentSince < limitMs * BUSY_SHARE;
      if (wait === MAX_WAITS || !(isLate || isBusy)) {
        this.#waitedInVain ||= usualLimitMs >= USUAL_PATIENCE_MS; // tests expect shorter waits to be in vain
        return false;
      }
      this.#vainSince = performance.now();
    }
  }

  /** Wait for a while, to see that something does not happen. */
  async watch(ms: number): Promise<void> {
    this.#begun();
    const from = performance.now();
    await delay(ms, undefined, { signal: this.tools.signal });
    // While this process was late, the client may have been too: give back what it lost.
    const lostMs = Math.min(MOST_GIVEN_BACK_MS, this.tools.lag.within({ from, to: performance.now() }));
    if (lostMs > 0) await delay(lostMs, undefined, { signal: this.tools.signal });
    this.#throwIfGone();
  }

  override records(): readonly ExchangeRecord[] {
    return this.exchanges.map((request) => request.record(this.#parts.origin.url, this.startedAt));
  }

  /** A failure is inconclusive if this process lagged: on the same machine, the client's timeouts may have expired. */
  override adjust(row: RequirementResult): RequirementResult {
    const lagMs = this.tools.lag.since(this.startedAt);
    if (lagMs < STARVED_MS || (row.outcome !== "fail" && row.outcome !== "warn")) return row;
    const detail = `this process was ${Math.round(lagMs)} ms late itself`;
    return { ...row, outcome: "inconclusive", reason: "LAGGED", detail };
  }

  /** Tell the client to leave every channel. */
  override end(): void {
    for (const reading of this.#readings) this.close(reading);
  }

  /** The test has done something new: what it waits for from here on was not due before. */
  #begun(): void {
    this.#vainSince = undefined;
  }

  #keep(request: SeenRequest): void {
    if (this.exchanges.length < MAX_RECORDED) this.exchanges.push(request);
    else if (!this.notes.includes(NOT_ALL)) this.note(NOT_ALL);
  }

  #begin(order: Omit<Open, "id"> | Omit<PublishOrder, "id">): Reading {
    this.tools.signal.throwIfAborted();
    this.#begun();
    const reading = this.#parts.harness.begin(order);
    this.#readings.push(reading);
    return reading;
  }

  async #wait(condition: () => boolean, limitMs: number): Promise<boolean> {
    const { harness, origin } = this.#parts;
    const { signal } = this.tools;
    const isOver = (): boolean => condition() || harness.gone !== undefined || this.#refused !== undefined;
    await settle(isOver, [harness, origin], limitMs, signal);
    this.#throwIfGone();
    return condition();
  }

  get #refused(): string | undefined {
    return this.#readings.find(({ unsupported }) => unsupported !== undefined)?.unsupported;
  }

  #throwIfGone(): void {
    const { harness } = this.#parts;
    const { signal } = this.tools;
    signal.throwIfAborted();
    if (harness.gone !== undefined)
      throw new Undecided("PRECONDITION_FAILED", `the adapter is gone: ${harness.gone}`);
    if (this.#refused !== undefined)
      throw new Undecided(
        "PRECONDITION_FAILED",
        `the adapter does not support what it claims: ${this.#refused}`,
      );
  }
}
