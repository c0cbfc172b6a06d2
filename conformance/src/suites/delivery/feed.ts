import { performance } from "node:perf_hooks";
import { parseDuration } from "../../engine/config/values.ts";
import { type Draft, type DriverContext, DriverError } from "../../engine/drive/driver.ts";
import { Undecided } from "../../engine/run/checks.ts";
import { NoVerdict } from "../../engine/run/suite.ts";
import { type Channel, hasChannels } from "../../engine/wire/channel.ts";
import { describeAnswer } from "../../engine/wire/describe.ts";
import type { Exchange } from "../../engine/wire/exchange.ts";
import { parseJson } from "../../engine/wire/json.ts";
import type { RequestInit } from "../../engine/wire/request.ts";
import type { Mechanism, RequestTemplate } from "./dialect/dialect.ts";
import { fillRequest, fillUrl, type Values } from "./dialect/fill.ts";
import { partAt } from "./dialect/places.ts";
import { markOf } from "./read/marks.ts";
import { type From, type Reader, type Sender, waitUntil } from "./read/reader.ts";
import { RequestReader } from "./read/request-reader.ts";
import { StreamReader } from "./read/stream-reader.ts";
import type { Target } from "./target.ts";

/** A message that was published. */
export interface Sent {
  readonly mark: string;
  readonly draft: Draft;
  /** Why the server refused it; undefined if it was acknowledged. */
  readonly refused?: string;
  readonly exchange: Exchange | undefined;
  /** `performance.now()` when the publish began, and when it was acknowledged. */
  readonly beganAt: number;
  readonly ackedAt: number;
}

/** How long one publish may take. */
const PUBLISH_MS = 8_000;

/** Whether the server has many feeds, by the URL or by the dialect's requests. */
export function hasFeeds({ base, dialect }: Pick<Target, "base" | "dialect">): boolean {
  const reads = [dialect.poll, dialect["long-poll"], dialect.sse].map((one) => one?.request.url ?? "");
  return hasChannels(base) || reads.some((url) => hasChannels(url)) || dialect.setup !== undefined;
}

/** A feed that one test uses: its publisher and its readers. Its messages have marks that no other test's have. */
export class Feed {
  readonly channel: Channel;
  readonly tag: string;
  readonly sent: Sent[] = [];
  readonly readers: Reader[] = [];
  readonly #target: Target;
  readonly #sender: Sender;
  readonly #values: Values;
  #count = 0;

  constructor(target: Target, sender: Sender, tag: string, values: Values) {
    this.#target = target;
    this.#sender = sender;
    this.tag = tag;
    this.#values = values;
    this.channel = { name: values.channel ?? "", url: values.base ?? "" };
  }

  /** A feed that nobody has used. @throws {NoVerdict} if one of the dialect's set-up requests fails */
  static async open(target: Target, sender: Sender, tag: string): Promise<Feed> {
    const name = `dlv${target.run}${tag}`;
    const base = fillUrl("{base}", { base: target.base.replaceAll("{channel}", name) }).replace(/\/$/, "");
    let values: Values = { base, channel: name };
    for (const [index, { take = {}, ...template }] of (target.dialect.setup ?? []).entries()) {
      const exchange = sender.send(fillRequest(template, values), "other");
      const isHead = Object.values(take).every((place) => place.startsWith("header "));
      await exchange.until(() => isHead && exchange.status !== undefined, PUBLISH_MS);
      const { status = 0 } = exchange;
      if (status < 200 || status > 299)
        throw new NoVerdict(
          `set-up request ${index + 1} of the dialect was answered with ${exchange.status ?? exchange.failure ?? "nothing"}`,
        );
      const parts = { exchange, json: isHead ? undefined : parseJson(exchange.text) };
      for (const [part, place] of Object.entries(take)) {
        const value = partAt(place, parts);
        if (value === undefined)
          throw new NoVerdict(
            `the response to set-up request ${index + 1} has no ${place}, which \`take\` names`,
          );
        values = { ...values, [part]: value };
      }
      exchange.abort();
    }
    return new Feed(target, sender, tag, values);
  }

  /** A reader that begins at once. */
  reader(mechanism: Mechanism, from: From = "start"): RequestReader | StreamReader {
    const { dialect, interpreter, limitMs } = this.#target;
    const make = (): RequestReader | StreamReader => {
      if (mechanism === "sse") {
        const config = dialect.sse ?? raise(mechanism);
        return new StreamReader({ config, values: this.#values, interpreter }, this.#sender, this.tag, from);
      }
      const config = dialect[mechanism] ?? raise(mechanism);
      const limit = mechanism === "poll" ? undefined : (limitMs ?? parseDuration(config.limit ?? ""));
      const reading = { mechanism, config, values: this.#values, interpreter, limitMs: limit };
      return new RequestReader(reading, this.#sender, this.tag, from);
    };
    const reader = make();
    this.readers.push(reader);
    return reader.begin() as RequestReader | StreamReader;
  }

  /** Publish messages, one after the other. */
  async publish(count = 1): Promise<readonly Sent[]> {
    const sent: Sent[] = [];
    for (let n = 0; n < count; n += 1) sent.push(await this.send());
    return sent;
  }

  /** Publish messages with one request, if the dialect can; otherwise one after the other. */
  async batch(count: number): Promise<void> {
    const { dialect, payload, driver } = this.#target;
    if (!dialect.batch || driver || payload !== "json") {
      await this.publish(count);
      return;
    }
    const marks = Array.from({ length: count }, () => this.#nextMark());
    const drafts = marks.map((mark): Draft => ({ json: JSON.stringify({ conformance: mark }) }));
    const beganAt = performance.now();
    const exchange = await this.#sender
      .send(fillRequest(dialect.batch, this.#values, drafts), "publish")
      .done(PUBLISH_MS);
    const { status = 0 } = exchange;
    if (status < 200 || status > 299)
      throw new Undecided("PRECONDITION_FAILED", `a batch was answered with ${describeAnswer(exchange)}`);
    const ackedAt = performance.now();
    for (const [index, draft] of drafts.entries())
      this.sent.push({ mark: marks[index] ?? "", draft, exchange, beganAt, ackedAt });
  }

  #nextMark(): string {
    this.#count += 1;
    return markOf(this.tag, this.#count);
  }

  /** Publish one message. @param text its payload, in which `@` stands for its mark */
  async send(text = "@"): Promise<Sent> {
    const mark = this.#nextMark();
    const full = text.replaceAll("@", mark);
    const { payload } = this.#target;
    const isText = payload === "text";
    const json = JSON.stringify(isText ? full : { conformance: full });
    const draft: Draft = isText ? { json, text: full } : { json };
    const requests: Exchange[] = [];
    const beganAt = performance.now();
    const told = (refused?: string): Sent => {
      const rest = { exchange: requests.at(-1), beganAt, ackedAt: performance.now() };
      const sent: Sent = { mark, draft, ...rest, ...(refused === undefined ? {} : { refused }) };
      if (refused === undefined) this.sent.push(sent);
      return sent;
    };
    try {
      await this.#publish(draft, this.#context(requests));
      return told();
    } catch (error) {
      if (error instanceof DriverError) return told(error.message);
      throw error;
    }
  }

  /** Send one of the dialect's requests for this feed. */
  async ask(template: RequestTemplate, values: Values = {}): Promise<Exchange> {
    const exchange = this.#sender.send(fillRequest(template, { ...this.#values, ...values }), "other");
    await exchange.done(PUBLISH_MS);
    return exchange;
  }

  /** Remove the feed, after the test; a server that refuses keeps it. */
  async removeWith(template: RequestTemplate, sender: Sender): Promise<void> {
    if (sender.signal.aborted) return; // after the end of a run, feeds stay where they are
    await sender.send(fillRequest(template, this.#values), "other").done(PUBLISH_MS);
  }

  /** Stop every reader. */
  async leave(): Promise<void> {
    await Promise.all(this.readers.map((reader) => reader.stop()));
  }

  /** Wait for a condition that readers bring about. */
  wait(condition: () => boolean, limitMs: number): Promise<boolean> {
    return waitUntil(condition, limitMs, this.#sender.signal);
  }

  async #publish(draft: Draft, context: DriverContext): Promise<void> {
    const { driver, dialect } = this.#target;
    if (driver) return driver.publish(this.channel, [draft], context);
    if (!dialect.publish) throw new DriverError("the dialect does not say how to publish");
    const exchange = await context.exchange(fillRequest(dialect.publish, this.#values, [draft]));
    const { status = 0 } = exchange;
    if (status < 200 || status > 299)
      throw new DriverError(`the publish was answered with ${describeAnswer(exchange)}`);
  }

  #context(requests: Exchange[]): DriverContext {
    const exchange = async (init: RequestInit): Promise<Exchange> => {
      const sent = this.#sender.send(init, "publish");
      requests.push(sent);
      return sent.done(PUBLISH_MS);
    };
    return { exchange, exchangeBare: exchange, signal: this.#sender.signal };
  }
}

function raise(mechanism: Mechanism): never {
  throw new RangeError(`the dialect has no ${mechanism}`);
}
