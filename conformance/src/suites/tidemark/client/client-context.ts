import { setMaxListeners } from "node:events";
import { performance } from "node:perf_hooks";
import { setTimeout as delay } from "node:timers/promises";
import type { Claim } from "../../../engine/model/claim.ts";
import type { Checks } from "../../../engine/run/checks.ts";
import type { LagMonitor } from "../../../engine/run/lag.ts";
import type { Random } from "../../../engine/run/random.ts";
import { NotApplicable, Undecided } from "../../../engine/run/undecided.ts";
import type { ClientMechanism, Hello, Open, PublishOrder } from "./contract.ts";
import type { Harness } from "./harness.ts";
import type { Origin } from "./origin.ts";
import type { Reading } from "./reading.ts";
import { type ChannelScript, ScriptedChannel } from "./scripted-channel.ts";
import type { SeenRequest } from "./seen-request.ts";
import { settle } from "./settle.ts";

/** What the runner passes to the context of a test. */
export interface ClientContextOptions {
  readonly hello: Hello;
  readonly harness: Harness;
  readonly origin: Origin;
  readonly checks: Checks;
  readonly lag: LagMonitor;
  readonly random: Random;
  readonly signal: AbortSignal;
  /** How long to wait for something that is due; a bound on liveness, not on speed. */
  readonly patienceMs: number;
  /** Path of the n-th channel of this test. */
  readonly path: (n: number) => string;
}

/** Further members of an `open` order, besides the channel and the mechanism. */
export type Opening = Partial<Omit<Open, "type" | "id" | "url" | "mechanism">>;

/** The limits in tests assume this patience; a different one scales all of them. */
export const USUAL_PATIENCE_MS = 10_000;

/** Bound of the client's first random wait; short, so that a failure takes little time. */
export const RECONNECT_MS = 20;

/** Most waits of one `until`. */
const MAX_WAITS = 3;

/** The client counts as busy if a new message came within this share of the limit. */
const BUSY_SHARE = 1 / 4;

/** Most recorded requests of a test, so that a client that never pauses does not fill the report. */
const MAX_RECORDED = 2_000;

const NOT_ALL = `only the first ${MAX_RECORDED} requests are recorded`;

/** What a client test works with: channels whose answers it scripts, and all that the client requests and reports. */
export class ClientContext {
  readonly hello: Hello;
  readonly random: Random;
  readonly startedAt: number = performance.now();
  /** The requests to the channels of this test, up to {@link MAX_RECORDED}. */
  readonly requests: SeenRequest[] = [];
  readonly notes: string[] = [];
  readonly #options: ClientContextOptions;
  readonly #readings: Reading[] = [];
  #channels = 0;
  /** Whether something that was due did not come within the patience of a wait. */
  #waitedInVain = false;
  /** When the current series of unsuccessful waits began; undefined after a success or a new action of the test. */
  #vainSince: number | undefined;

  constructor(options: ClientContextOptions) {
    this.#options = options;
    this.hello = options.hello;
    this.random = options.random;
    setMaxListeners(0, options.signal); // tests wait for many things at once
  }

  /**
   * Record whether the requirement is met. The evidence is `request`, by default the last one. After a wait in vain, a
   * slow client looks like a broken one, so a claim that does not say otherwise counts as one about time.
   */
  check(requirement: string, claimed: Claim, request?: SeenRequest): boolean {
    const index = request ? this.requests.indexOf(request) : this.requests.length - 1;
    const timed = claimed.timed ?? this.#waitedInVain;
    this.#options.checks.add(requirement, { ...claimed, timed }, index < 0 ? undefined : index);
    return claimed.ok;
  }

  /** A precondition. If it does not hold, the test ends undecided and blames no requirement. */
  need(claimed: Claim): void {
    if (!claimed.ok) throw new Undecided("PRECONDITION_FAILED", unmet(claimed));
  }

  /** The control of a negative check: if this does not work, a refusal or a silence proves nothing. */
  control(claimed: Claim): void {
    if (!claimed.ok) throw new Undecided("CONTROL_FAILED", unmet(claimed));
  }

  /** End the test: it does not apply to this client. */
  notApplicable(why: string): never {
    throw new NotApplicable(why);
  }

  /** Add a remark to the report; it does not change the outcome. */
  note(text: string): void {
    this.notes.push(text);
  }

  /** A channel that no other test uses. */
  channel(script: ChannelScript = {}): ScriptedChannel {
    this.#channels += 1;
    const { origin, path } = this.#options;
    return new ScriptedChannel(origin, path(this.#channels), script, {
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
    this.#options.harness.send({ type: "commit", id: reading.id, n });
  }

  /** Kill the client of a reading without warning, and start it again. */
  restart(reading: Reading): void {
    this.#begun();
    this.#options.harness.send({ type: "restart", id: reading.id });
  }

  /** Tell the client to leave a channel. */
  close(reading: Reading): void {
    this.#begun();
    this.#options.harness.send({ type: "close", id: reading.id });
  }

  /**
   * Wait until the condition holds or the limit has passed; resolves to whether it holds. Consecutive waits without
   * success share one limit, because the next condition was due all along. The limit starts again, a few times, if this
   * process lagged or new messages are still being delivered: then the machine is slow, and the client is not silent.
   */
  async until(condition: () => boolean, usualLimitMs: number = USUAL_PATIENCE_MS): Promise<boolean> {
    if (condition()) return true;
    const limitMs = usualLimitMs * (this.#options.patienceMs / USUAL_PATIENCE_MS);
    for (let wait = 1; ; wait += 1) {
      const begun = this.#vainSince ?? performance.now();
      const enough = begun + (wait === 1 ? limitMs : Math.min(limitMs, this.#options.patienceMs));
      if (await this.#wait(condition, Math.max(0, enough - performance.now()))) {
        this.#vainSince = undefined;
        return true;
      }
      this.#vainSince = begun;
      const isLate = this.#options.lag.isLate(begun);
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
    await delay(ms, undefined, { signal: this.#options.signal });
    this.#throwIfGone();
  }

  /** Whether this process has lagged so much since the test began that upper bounds on time decide nothing. */
  get isLate(): boolean {
    return this.#options.lag.isLate(this.startedAt);
  }

  /** The longest lag of this process since the test began. */
  get lagMs(): number {
    return this.#options.lag.since(this.startedAt);
  }

  /** Tell the client to leave every channel. */
  end(): void {
    for (const reading of this.#readings) this.close(reading);
  }

  /** The test has done something new: what it waits for from here on was not due before. */
  #begun(): void {
    this.#vainSince = undefined;
  }

  #keep(request: SeenRequest): void {
    if (this.requests.length < MAX_RECORDED) this.requests.push(request);
    else if (!this.notes.includes(NOT_ALL)) this.note(NOT_ALL);
  }

  #begin(order: Omit<Open, "id"> | Omit<PublishOrder, "id">): Reading {
    this.#options.signal.throwIfAborted();
    this.#begun();
    const reading = this.#options.harness.begin(order);
    this.#readings.push(reading);
    return reading;
  }

  async #wait(condition: () => boolean, limitMs: number): Promise<boolean> {
    const { harness, origin, signal } = this.#options;
    const isOver = (): boolean => condition() || harness.gone !== undefined || this.#refused !== undefined;
    await settle(isOver, [harness, origin], limitMs, signal);
    this.#throwIfGone();
    return condition();
  }

  get #refused(): string | undefined {
    return this.#readings.find(({ unsupported }) => unsupported !== undefined)?.unsupported;
  }

  #throwIfGone(): void {
    const { harness, signal } = this.#options;
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

function unmet({ what, expected, actual }: Claim): string {
  return `${what}: expected ${expected}, got ${actual}`;
}
