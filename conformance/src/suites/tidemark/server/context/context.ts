import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import type { Control } from "../../../../engine/drive/control.ts";
import type { Draft, Driver, DriverContext } from "../../../../engine/drive/driver.ts";
import { claim } from "../../../../engine/model/claim.ts";
import type { RequirementResult } from "../../../../engine/model/result.ts";
import { Undecided } from "../../../../engine/run/checks.ts";
import type { ContextTools } from "../../../../engine/run/context.ts";
import { ANSWER_LIMIT_MS, HttpContext } from "../../../../engine/run/http-context.ts";
import { type Channel, channelAt, hasChannels, withQuery } from "../../../../engine/wire/channel.ts";
import type { Exchange } from "../../../../engine/wire/exchange.ts";
import { type HeaderLines, header } from "../../../../engine/wire/headers.ts";
import { requestKind } from "../../claims.ts";
import { describe, type Page, readPage } from "../../read/page.ts";
import { EventStream } from "../../read/stream.ts";
import type { Target } from "../target.ts";
import { isLoneRetry, isTurnedAway } from "./refusals.ts";

/** Query parameters of a read; percent-encoded when they are sent. */
export type Query = Readonly<Record<string, string | number>>;

/** The most channels of one test. */
const MOST_CHANNELS = 8;

/** How long a test asks again for a stream that a server has no room for. */
const ROOM_LIMIT_MS = 8_000;

/** The bounds on the time before it asks again, whatever the server's `retry` says. */
const SHORTEST_RETRY_MS = 50;
const LONGEST_RETRY_MS = 1_000;

const MOVED = "somebody else published to the channel during the test";

const NO_ROOM = "the target refused a connection of this test: it has too many";

/** The context of a server's test: channels, pages, streams, and ways to publish and to provoke faults. */
export class TestContext extends HttpContext<Target> {
  readonly #channelName: (n: number) => string;
  /** Soft refusals after which the test reconnected. */
  readonly #answeredRefusals = new Set<Exchange>();
  #hasProvoked = false;
  /** The end of a channel to which others may publish, and whether they did. */
  #watched: { readonly channel: Channel; readonly end: string } | undefined;
  #hasMoved = false;

  /** @param channelName the name of the n-th channel of this test */
  constructor(target: Target, tools: ContextTools, channelName: (n: number) => string) {
    super(target, tools);
    this.#channelName = channelName;
  }

  /** What plays of random histories need of the run. */
  get campaignTools(): Pick<ContextTools, "lag" | "signal"> {
    const { lag, signal } = this.tools;
    return { lag, signal };
  }

  /** Requirements that do not concern the target if the test makes no check of them. */
  readonly occasional: Set<string> = new Set();

  /** Declare the channels that the test may use, if the target knows only declared ones. */
  override async begin(): Promise<void> {
    const { declare, template } = this.target;
    if (!declare || !hasChannels(template)) return;
    const names = Array.from({ length: MOST_CHANNELS }, (_, n) => this.#channelName(n + 1));
    await Promise.all(names.map((name) => declare(channelAt(template, name))));
  }

  /** A test that judges messages of others decides nothing if more of them come before its end. */
  watchEnd(channel: Channel, end: string): void {
    this.#watched = { channel, end };
  }

  override async conclude(): Promise<void> {
    if (!this.#watched) return;
    const { channel, end } = this.#watched;
    const page = readPage(
      await this.send({ url: withQuery(channel.url, { after: end }) }).done(ANSWER_LIMIT_MS),
    );
    this.#hasMoved = typeof page === "string" || page.messages.length > 0;
  }

  override kindOf(index: number): string {
    const request = this.exchanges[index]?.request;
    return request ? requestKind(request) : "other";
  }

  /** A channel that no other test uses; if the target has only one channel, that one. */
  channel(): Channel {
    const { template } = this.target;
    if (this.channels.length >= MOST_CHANNELS)
      throw new RangeError(`a test has at most ${MOST_CHANNELS} channels`);
    const channel = hasChannels(template)
      ? channelAt(template, this.#channelName(this.channels.length + 1))
      : { name: "", url: template };
    this.channels.push(channel);
    return channel;
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

  /**
   * The page in an answer; without one, the test ends as inconclusive. `500`, or `200` without a page, is a violation by
   * itself, whatever the test is about: otherwise a server whose reads all fail would violate nothing.
   */
  pageOf(exchange: Exchange): Page {
    const page = readPage(exchange);
    if (typeof page !== "string") return page;
    if (exchange.status === 500 || exchange.status === 200) {
      const id = requestKind(exchange.request) === "poll" ? "POLL-PAGE-1" : "CORE-CLAIM-3";
      this.imply(id, claim(false, "the answer to a valid read", "a page", page), exchange);
    }
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
    const stream = await this.#admitted(() => this.stream(channel, query, headers));
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

  /**
   * Wait for the first block of a stream. While the server has no room for it, reconnect after its `retry`, as clients
   * do; if there is no room for long, the test ends as inconclusive.
   */
  async #admitted(open: () => EventStream): Promise<EventStream> {
    const deadline = performance.now() + ROOM_LIMIT_MS;
    for (;;) {
      const stream = open();
      await this.until(stream.exchange, () => stream.blocks.length > 0 && !isLoneRetry(stream));
      if (!stream.isRefusal) return stream;
      this.#answeredRefusals.add(stream.exchange);
      if (performance.now() > deadline) throw new Undecided("REFUSED", NO_ROOM);
      const retryMs = stream.blocks[0]?.retryMs ?? 0;
      await sleep(Math.min(Math.max(retryMs, SHORTEST_RETRY_MS), LONGEST_RETRY_MS), undefined, {
        signal: this.tools.signal,
      });
    }
  }

  /** A failure of a test that the server had no room for decides nothing, unless the test has provoked that. */
  override adjust(result: RequirementResult): RequirementResult {
    const { requirement, level, evidence, checks } = result;
    if (checks === 0 && this.occasional.has(requirement))
      return { requirement, level, outcome: "n/a", evidence, checks };
    const isOpen =
      result.outcome === "fail" || result.outcome === "warn" || result.outcome === "inconclusive";
    if (isOpen && this.#hasMoved)
      return { ...result, outcome: "inconclusive", reason: "PRECONDITION_FAILED", detail: MOVED };
    if (!isOpen || this.#hasProvoked || !this.#isTurnedAway) return result;
    return { ...result, outcome: "inconclusive", reason: "REFUSED", detail: NO_ROOM };
  }

  /** Whether the server had no room for one of the connections, and the test has not asked again. */
  get #isTurnedAway(): boolean {
    return this.exchanges.some((exchange) => !this.#answeredRefusals.has(exchange) && isTurnedAway(exchange));
  }

  /** Publish messages by the driver and wait for the confirmation. */
  async publish(channel: Channel, drafts: readonly Draft[]): Promise<void> {
    const driver = this.#driver();
    await this.drive((context) => driver.publish(channel, drafts, context));
  }

  /** Close the channel by the driver. */
  async close(channel: Channel): Promise<void> {
    const driver = this.#driver();
    if (!driver.close) return this.notApplicable(`the driver ${driver.name} cannot close a channel`);
    await this.drive(async (context) => driver.close?.(channel, context));
  }

  /** Remove the channel; if the target does not offer removal, the test does not apply. */
  async remove(channel: Channel): Promise<void> {
    const driver = this.#driver();
    const done = await this.drive(async (context) => (await driver.remove?.(channel, context)) ?? false);
    if (!done) this.notApplicable("the target does not offer removal");
  }

  /** Provoke a fault at the target; if that is not possible, the test counts as not run. */
  async provoke(act: (control: Control, context: DriverContext) => Promise<void> | undefined): Promise<void> {
    const { control } = this.target;
    this.#hasProvoked = true;
    await this.drive(async (context) => {
      const done = control && act(control, context);
      if (!done)
        throw new Undecided("NEEDS_PROVOKE", "the target's control interface does not offer this fault");
      await done;
    });
  }

  #driver(): Driver {
    const { driver } = this.target;
    if (!driver) throw new Undecided("NEEDS_PUBLISH", "the suite has no way to publish to this target");
    return driver;
  }
}

function asksForStream({ request }: Exchange): boolean {
  return (
    /[?&]stream=1(?:&|$)/.test(request.target) || /event-stream/.test(header(request.headers, "accept") ?? "")
  );
}
