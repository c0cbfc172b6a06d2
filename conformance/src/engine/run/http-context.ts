import { performance } from "node:perf_hooks";
import { NotOffered } from "../drive/control.ts";
import { type DriverContext, DriverError } from "../drive/driver.ts";
import type { Claim } from "../model/claim.ts";
import type { Channel } from "../wire/channel.ts";
import { Exchange } from "../wire/exchange.ts";
import { header } from "../wire/headers.ts";
import { KeptConnection } from "../wire/kept-connection.ts";
import { buildRequest, type RequestInit } from "../wire/request.ts";
import { type ExtraHeader, headerLines, type Redactor } from "../wire/secrets.ts";
import { type ExchangeRecord, recordExchanges } from "../wire/transcript.ts";
import { Undecided } from "./checks.ts";
import { type ContextTools, RunContext } from "./context.ts";
import { reproduction } from "./reproduction.ts";

/** How long an immediate answer may take; a bound on liveness, not on speed. */
export const ANSWER_LIMIT_MS = 8_000;

/** How requests reach the target. */
export interface HttpTarget {
  /** The user's headers, sent with every request. */
  readonly headers: readonly ExtraHeader[];
  /** Header fields of drivers and controls; printed commands name their variables, not their values. */
  readonly otherHeaders?: readonly ExtraHeader[];
  readonly redact: Redactor;
  /** Accept any certificate. */
  readonly insecure: boolean;
}

/** A context whose tests send HTTP requests: it records each of them, and prints them as `curl` commands. */
export class HttpContext<Target extends HttpTarget = HttpTarget> extends RunContext<Exchange> {
  readonly target: Target;
  /** The channels that the test has used; printed scripts make up their own names for them. */
  readonly channels: Channel[] = [];
  /** Whether an answer that was due did not come within the usual limit. */
  #waitedInVain = false;

  constructor(target: Target, tools: ContextTools) {
    super(tools);
    this.target = target;
  }

  /** After a wait in vain, a slow target looks like a broken one: a claim that does not say otherwise is about time. */
  override check(requirement: string, claimed: Claim, exchange?: Exchange): boolean {
    return super.check(requirement, { ...claimed, timed: claimed.timed ?? this.#waitedInVain }, exchange);
  }

  /** Send a request without waiting for its answer. The user's headers are added, except those given here. */
  send(init: RequestInit, kept?: KeptConnection): Exchange {
    this.tools.signal.throwIfAborted();
    const given = init.headers ?? [];
    const extra = headerLines(this.target.headers).filter(([name]) => header(given, name) === undefined);
    return this.sendBare({ ...init, headers: [...given, ...extra] }, kept);
  }

  /** As {@link HttpContext.send}, but without the user's headers, as an anonymous client would. */
  sendBare(init: RequestInit, kept?: KeptConnection): Exchange {
    const { insecure } = this.target;
    const exchange = new Exchange(buildRequest(init), { insecure, ...(kept && { kept }) });
    this.exchanges.push(exchange);
    return exchange;
  }

  /** Open a connection for several requests, one after the other; the test closes it. */
  connect(url: string): KeptConnection {
    const connection = new KeptConnection(new URL(url), { insecure: this.target.insecure });
    this.tools.signal.addEventListener("abort", () => connection.close(), { once: true });
    return connection;
  }

  /** Send a request and wait for the whole answer, but not beyond the limit. */
  async ask(init: RequestInit, limitMs: number = ANSWER_LIMIT_MS): Promise<Exchange> {
    return this.finish(this.send(init), limitMs);
  }

  /** Wait for the whole answer. After the limit (longer if this process lags), drop the connection. */
  async finish(exchange: Exchange, limitMs: number = ANSWER_LIMIT_MS): Promise<Exchange> {
    await this.until(exchange, () => false, limitMs);
    await exchange.done(0);
    this.tools.signal.throwIfAborted();
    if (exchange.ending === "no-connection")
      throw new Undecided("PRECONDITION_FAILED", `no connection to the target: ${exchange.failure}`);
    return exchange;
  }

  /** Wait until the condition holds, the exchange is over, or the limit has passed; lag extends the limit. */
  async until(
    exchange: Exchange,
    condition: () => boolean,
    limitMs: number = ANSWER_LIMIT_MS,
  ): Promise<boolean> {
    const { signal, lag } = this.tools;
    const stop = (): void => exchange.abort();
    signal.addEventListener("abort", stop, { once: true });
    try {
      const begun = performance.now();
      const held = await exchange.until(condition, limitMs);
      if (held || exchange.ending !== undefined) return held;
      const again = lag.isLate(begun) && (await exchange.until(condition, limitMs));
      this.#waitedInVain ||= !again && exchange.ending === undefined && limitMs >= ANSWER_LIMIT_MS;
      return again;
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }

  /** Act on the target by a driver or a control: its requests are recorded, and its failure decides nothing. */
  protected async drive<T>(act: (context: DriverContext) => Promise<T>): Promise<T> {
    try {
      return await act({
        exchange: (init) => this.ask(init),
        exchangeBare: (init) => this.finish(this.sendBare(init)),
        signal: this.tools.signal,
      });
    } catch (error) {
      if (error instanceof NotOffered) throw new Undecided("NEEDS_PROVOKE", error.message);
      if (error instanceof DriverError) throw new Undecided("PRECONDITION_FAILED", error.message);
      throw error;
    }
  }

  override records(): readonly ExchangeRecord[] {
    return recordExchanges(this.exchanges, this.startedAt, this.target.redact);
  }

  override reproduction(index: number | undefined): string | undefined {
    const extra = [...this.target.headers, ...(this.target.otherHeaders ?? [])];
    const channels = this.channels.map(({ name }) => name).filter((name) => name !== "");
    return reproduction(this.exchanges, index, { extra, channels });
  }

  override end(): void {
    for (const exchange of this.exchanges) exchange.abort();
  }
}
