import { performance } from "node:perf_hooks";
import type { Control } from "../../../../engine/drive/control.ts";
import type { Draft, Driver, DriverContext } from "../../../../engine/drive/driver.ts";
import { type Claim, claim } from "../../../../engine/model/claim.ts";
import type { Random } from "../../../../engine/run/random.ts";
import { NotApplicable, Undecided } from "../../../../engine/run/undecided.ts";
import { Exchange } from "../../../../engine/wire/exchange.ts";
import { type HeaderLines, header } from "../../../../engine/wire/headers.ts";
import { buildRequest, type RequestInit } from "../../../../engine/wire/request.ts";
import { headerLines } from "../../../../engine/wire/secrets.ts";
import { describe, type Page, readPage } from "../../read/page.ts";
import { EventStream } from "../../read/stream.ts";
import { type Channel, channelAt, hasChannels, type Target, withQuery } from "../target.ts";
import type { ContextOptions } from "./context-options.ts";
import { driven, driverContextOf } from "./driving.ts";

/** Query parameters of a read; percent-encoded when they are sent. */
export type Query = Readonly<Record<string, string | number>>;

/** How long an immediate answer may take; a bound on liveness, not on speed. */
export const ANSWER_LIMIT_MS = 8_000;

/** The context of one test. It records every request; only {@link TestContext.check} decides. */
export class TestContext {
  readonly target: Target;
  readonly random: Random;
  readonly startedAt: number = performance.now();
  readonly exchanges: Exchange[] = [];
  readonly channels: Channel[] = [];
  readonly notes: string[] = [];
  readonly #options: ContextOptions;

  constructor(options: ContextOptions) {
    this.#options = options;
    this.target = options.target;
    this.random = options.random;
  }

  /** Decide whether the requirement is met. The evidence is the last exchange, unless another is given. */
  check(requirement: string, claimed: Claim, exchange?: Exchange): boolean {
    const index = exchange ? this.exchanges.indexOf(exchange) : this.exchanges.length - 1;
    this.#options.checks.add(requirement, claimed, index < 0 ? undefined : index);
    return claimed.ok;
  }

  /** A precondition of the test: if it does not hold, the test ends as inconclusive and blames nobody. */
  need(claimed: Claim): void {
    if (claimed.ok) return;
    throw new Undecided(
      "PRECONDITION_FAILED",
      `${claimed.what}: expected ${claimed.expected}, got ${claimed.actual}`,
    );
  }

  /** The control of a negative test: a similar request has to work before a refusal means anything. */
  control(claimed: Claim): void {
    if (claimed.ok) return;
    throw new Undecided(
      "CONTROL_FAILED",
      `${claimed.what}: expected ${claimed.expected}, got ${claimed.actual}`,
    );
  }

  /** End the test: it does not apply to this target. */
  notApplicable(why: string): never {
    throw new NotApplicable(why);
  }

  /** Add an observation to the report that no requirement is about. */
  note(text: string): void {
    this.notes.push(text);
  }

  /** A channel that no other test uses; if the target has only one channel, that one. */
  channel(): Channel {
    const { template } = this.target;
    const channel = hasChannels(template)
      ? channelAt(template, this.#options.channelName(this.channels.length + 1))
      : { name: "", url: template };
    this.channels.push(channel);
    return channel;
  }

  /** Send a request without waiting for its answer. The user's headers are added, except those given here. */
  send(init: RequestInit): Exchange {
    this.#options.signal.throwIfAborted();
    const given = init.headers ?? [];
    const extra = headerLines(this.target.headers).filter(([name]) => header(given, name) === undefined);
    return this.sendBare({ ...init, headers: [...given, ...extra] });
  }

  /** As {@link TestContext.send}, but without the user's headers, as an anonymous client would. */
  sendBare(init: RequestInit): Exchange {
    const exchange = new Exchange(buildRequest(init), { insecure: this.target.insecure });
    this.exchanges.push(exchange);
    return exchange;
  }

  /** Send a request and wait for the whole answer, but not beyond the limit. */
  async ask(init: RequestInit, limitMs: number = ANSWER_LIMIT_MS): Promise<Exchange> {
    return this.finish(this.send(init), limitMs);
  }

  /** `GET` a channel and wait for the whole answer. */
  get(channel: Channel, query: Query = {}, headers: HeaderLines = []): Promise<Exchange> {
    return this.ask({ url: withQuery(channel.url, query), headers });
  }

  /** Start a `GET` that the server is expected to hold. */
  hold(channel: Channel, query: Query, headers: HeaderLines = []): Exchange {
    return this.send({ url: withQuery(channel.url, query), headers });
  }

  /** `POST` a body as `application/json` and wait for the whole answer. */
  post(channel: Channel, body: string | Uint8Array, headers: HeaderLines = []): Promise<Exchange> {
    const typed = header(headers, "content-type") === undefined;
    const lines: HeaderLines = typed ? [["Content-Type", "application/json"], ...headers] : headers;
    return this.ask({ method: "POST", url: channel.url, headers: lines, body });
  }

  /** Wait for the whole answer. After the limit (longer if this process lags), drop the connection. */
  async finish(exchange: Exchange, limitMs: number = ANSWER_LIMIT_MS): Promise<Exchange> {
    await this.until(exchange, () => false, limitMs);
    await exchange.done(0);
    this.#options.signal.throwIfAborted();
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
    const stop = (): void => exchange.abort();
    this.#options.signal.addEventListener("abort", stop, { once: true });
    try {
      const begun = performance.now();
      const held = await exchange.until(condition, limitMs);
      if (held || exchange.ending !== undefined || !this.#options.lag.isLate(begun)) return held;
      return await exchange.until(condition, limitMs);
    } finally {
      this.#options.signal.removeEventListener("abort", stop);
    }
  }

  /**
   * Wait for the whole answer, or for the first block of a stream, because a stream may never end. If no
   * block comes, the test ends as inconclusive: only the test of SSE-STREAM-2 blames a server for that.
   */
  async settle(exchange: Exchange): Promise<Exchange> {
    const stream = new EventStream(exchange);
    const begun = await this.until(exchange, () => stream.isStream && stream.blocks.length > 0);
    const silent = !begun && exchange.ending === undefined && asksForStream(exchange);
    this.need(claim(!silent, "the requested stream", "to begin", `nothing in ${ANSWER_LIMIT_MS} ms`));
    return exchange;
  }

  /** `GET` a page. If the answer is not a page, the test ends as inconclusive: another test is about that. */
  async page(channel: Channel, query: Query = {}): Promise<Page> {
    return this.pageOf(await this.get(channel, query));
  }

  /** The page in an answer; without one, the test ends as inconclusive. */
  pageOf(exchange: Exchange): Page {
    const page = readPage(exchange);
    if (typeof page !== "string") return page;
    const url = this.target.redact(exchange.request.target);
    throw new Undecided(
      "PRECONDITION_FAILED",
      `the answer to ${exchange.request.method} ${url} is not a page: ${page}`,
    );
  }

  /** Start a read by SSE. `stream=1` is added unless the query has `stream`; an empty one omits it. */
  stream(channel: Channel, query: Query = {}, headers: HeaderLines = []): EventStream {
    const { stream = "1", ...rest } = query;
    const asked = stream === "" ? rest : { ...rest, stream };
    return new EventStream(this.send({ url: withQuery(channel.url, asked), headers }));
  }

  /** Start a read by SSE and wait for its first whole block; without one, the test ends as inconclusive. */
  async openStream(channel: Channel, query: Query = {}, headers: HeaderLines = []): Promise<EventStream> {
    const stream = this.stream(channel, query, headers);
    await this.until(stream.exchange, () => stream.blocks.length > 0);
    this.need(
      claim(
        stream.isStream && stream.blocks.length > 0,
        "a stream",
        "200 and a first block",
        describe(stream.exchange),
      ),
    );
    return stream;
  }

  /** Publish messages by the driver and wait for the confirmation. */
  async publish(channel: Channel, drafts: readonly Draft[]): Promise<void> {
    await this.#drive((driver, context) => driver.publish(channel, drafts, context));
  }

  /** Close the channel by the driver. */
  async close(channel: Channel): Promise<void> {
    await this.#drive((driver, context) => {
      if (!driver.close) return this.notApplicable(`the driver ${driver.name} cannot close a channel`);
      return driver.close(channel, context);
    });
  }

  /** Remove the channel; if the target does not offer removal, the test does not apply. */
  async remove(channel: Channel): Promise<void> {
    const done = await this.#drive(
      (driver, context) => driver.remove?.(channel, context) ?? Promise.resolve(false),
    );
    if (!done) this.notApplicable("the target does not offer removal");
  }

  /** Whether this process has lagged so much during the test that upper bounds on time decide nothing. */
  get isLate(): boolean {
    return this.#options.lag.isLate(this.startedAt);
  }

  /** Provoke a fault at the target; if that is not possible, the test counts as not run. */
  async provoke(act: (control: Control, context: DriverContext) => Promise<void> | undefined): Promise<void> {
    const { control, signal } = this.#options;
    await driven(async () => {
      const done = control && act(control, driverContextOf(this, signal));
      if (!done)
        throw new Undecided("NEEDS_PROVOKE", "the target's control interface does not offer this fault");
      await done;
    });
  }

  async #drive<T>(act: (driver: Driver, context: DriverContext) => Promise<T>): Promise<T> {
    const { driver, signal } = this.#options;
    if (!driver) throw new Undecided("NEEDS_PUBLISH", "the suite has no way to publish to this target");
    return driven(() => act(driver, driverContextOf(this, signal)));
  }
}

function asksForStream({ request }: Exchange): boolean {
  return (
    /[?&]stream=1(?:&|$)/.test(request.target) || /event-stream/.test(header(request.headers, "accept") ?? "")
  );
}
