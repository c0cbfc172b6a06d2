import type { Claim } from "../../engine/model/claim.ts";
import type { ReasonCode } from "../../engine/model/outcome.ts";
import { Undecided } from "../../engine/run/checks.ts";
import type { ContextTools } from "../../engine/run/context.ts";
import { HttpContext } from "../../engine/run/http-context.ts";
import type { Test } from "../../engine/run/test.ts";
import type { Exchange } from "../../engine/wire/exchange.ts";
import { type ExchangeRecord, recordExchanges } from "../../engine/wire/transcript.ts";
import type { Observation } from "./observe/observation.ts";
import type { Stream } from "./observe/stream.ts";
import { promptly, type Times } from "./promptly.ts";
import { reproductionOf } from "./reproduction.ts";
import type { Target } from "./target.ts";
import { profileLedger } from "./words.ts";

/** What a test of this suite needs: see `unmetNeed`. */
export type Need = "publish" | "text" | "thorough" | "get" | "restart" | "sessions";

/** One test of an event stream. */
export type StreamTest = Test<StreamContext, Need>;

/** What a test works with: the run's one observation. */
export class StreamContext extends HttpContext<Target> {
  readonly seen: Observation;
  /** The first sentence that is not met. */
  #faulty: string | undefined;

  constructor(seen: Observation, tools: ContextTools) {
    super(seen.target, tools);
    this.seen = seen;
  }

  /** The witness, once it has seen enough. */
  async watched(): Promise<Stream> {
    this.show(this.seen.witness.exchange);
    await this.seen.watched();
    return this.seen.witness;
  }

  /** Lag counts from the first exchange that the test looks at, which may be older than the test. */
  override get isLate(): boolean {
    const first = Math.min(this.startedAt, ...this.exchanges.map(({ startedAt }) => startedAt));
    return this.tools.lag.isLate(first);
  }

  /** Whether this process has stood still for so long that another reader's event may be on its way. */
  get hasLagged(): boolean {
    return this.seen.hasLagged();
  }

  /** It came within a bound; this process was not so late that this says nothing. */
  promptly(what: string, { startedAt }: Exchange, times: Times, boundMs: number): Claim {
    return promptly(this.tools.lag, what, startedAt, times, boundMs);
  }

  /** Make an exchange part of the test's evidence. */
  show(exchange: Exchange): Exchange {
    if (!this.exchanges.includes(exchange)) this.exchanges.push(exchange);
    return exchange;
  }

  /** Check with an exchange as evidence. */
  judge(requirement: string, claimed: Claim, exchange: Exchange): boolean {
    if (!claimed.ok && profileLedger.get(requirement)?.level !== "MAY") this.#faulty ??= requirement;
    return this.check(requirement, claimed, this.show(exchange));
  }

  /** End the test: what it needs did not happen. */
  unseen(code: ReasonCode, detail: string): never {
    throw new Undecided(code, detail, { partial: true });
  }

  /** End the test if what it builds on has failed: one cause, one finding. */
  after(requirement: string, claims: readonly Claim[]): void {
    const failed = claims.find(({ ok }) => !ok);
    if (failed) this.unseen("DEPENDENCY_FAILED", `${requirement} is not met, so this says nothing`);
  }

  override kindOf(index: number): string {
    const { request, headers } = this.exchanges[index] ?? {};
    if (request?.method === "HEAD" || request?.method === "OPTIONS") return "other";
    return headers?.some(([, value]) => /event-stream/i.test(value)) ? "stream" : "other";
  }

  override records(): readonly ExchangeRecord[] {
    const first = Math.min(this.startedAt, ...this.exchanges.map(({ startedAt }) => startedAt));
    return recordExchanges(this.exchanges, first, this.target.redact);
  }

  override reproduction(index: number | undefined): string | undefined {
    const blamed = this.exchanges[index ?? this.exchanges.length - 1];
    if (!blamed) return undefined;
    const { witness, publishes } = this.seen;
    const extra = [...this.target.headers, ...(this.target.otherHeaders ?? [])];
    const requirement = this.#faulty ?? "";
    return reproductionOf({ requirement, blamed, witness: witness.exchange, publishes, extra });
  }

  /** The observation's exchanges belong to all tests. */
  override end(): void {}
}
