import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { type Draft, type DriverContext, DriverError } from "../../../engine/drive/driver.ts";
import type { Exchange } from "../../../engine/wire/exchange.ts";
import type { Observation } from "./observation.ts";
import { carries, type Payload } from "./payloads.ts";
import type { Stream, StreamEvent } from "./stream.ts";

/** A payload that was published, and the events that are made of it. */
export interface Sent extends Payload {
  readonly mark: string;
  /** Why the server refused it. */
  readonly refused?: string;
  /** The events of the witness that contain its mark. */
  readonly events: readonly StreamEvent[];
  /** The request that published it, if there was one. */
  readonly exchange: Exchange | undefined;
}

/** A payload on its way: its events are looked for later. */
export type OnTheWay = Omit<Sent, "events">;

/** How long an event may take to arrive after its publish was answered. */
const ARRIVE_MS = 4_000;

/** How long one publish may take. */
const PUBLISH_MS = 8_000;

/** Publishes to the feed under test, and finds what it sent. */
export class Publisher {
  readonly #seen: Observation;
  /** A text that is in every mark of this publisher, and nowhere else. */
  readonly run: string = randomBytes(3).toString("hex");
  #count = 0;

  constructor(seen: Observation) {
    this.#seen = seen;
  }

  /** Publish messages until the function that it returns is called, at times that have no rhythm. */
  tick(everyMs: number): () => Promise<void> {
    const stop = new AbortController();
    const loop = async (): Promise<void> => {
      while (!stop.signal.aborted && !this.#seen.signal.aborted) {
        await this.send(this.message());
        await delay(2 * everyMs * this.#seen.random());
      }
    };
    const done = loop();
    return async () => {
      stop.abort();
      await done;
    };
  }

  /** A short message with a mark of its own. */
  message(): Payload & { readonly mark: string } {
    this.#count += 1;
    const mark = `tm${this.run}n${this.#count}y`;
    return { what: `message ${this.#count}`, mark, text: mark };
  }

  async send(payload: Payload & { readonly mark: string }): Promise<OnTheWay> {
    const { driver, settings, url } = this.#seen.target;
    const { text } = payload;
    const json = JSON.stringify(settings.payload === "text" ? text : { conformance: text });
    const draft: Draft = settings.payload === "text" ? { json, text } : { json };
    const requests: Exchange[] = [];
    try {
      await driver?.publish({ name: "", url }, [draft], this.#context(requests));
      return { ...payload, exchange: requests.at(-1) };
    } catch (error) {
      if (error instanceof DriverError)
        return { ...payload, refused: error.message, exchange: requests.at(-1) };
      throw error;
    }
  }

  /** Wait until a stream has an event with each mark. Looks at each event once. */
  async arrivalOf(marks: readonly string[], stream: Stream, limitMs: number = ARRIVE_MS): Promise<void> {
    const missing = new Set(marks);
    let looked = 0;
    const isComplete = (): boolean => {
      for (const event of stream.events.slice(looked)) {
        looked += 1;
        for (const mark of missing) if (bears(event, mark)) missing.delete(mark);
      }
      return missing.size === 0;
    };
    await this.#seen.wait(() => isComplete() || stream.exchange.ending !== undefined, limitMs);
  }

  /** The witness's events with this mark. */
  eventsOf(mark: string): readonly StreamEvent[] {
    return this.#seen.witness.events.filter((event) => bears(event, mark));
  }

  #context(requests: Exchange[]): DriverContext {
    const send = (bare: boolean) => async (init: Parameters<DriverContext["exchange"]>[0]) => {
      const exchange = await this.#seen.send(init, { bare }).done(PUBLISH_MS);
      requests.push(exchange);
      this.#seen.publishes.add(exchange);
      return exchange;
    };
    return { exchange: send(false), exchangeBare: send(true), signal: this.#seen.signal };
  }
}

/** Whether an event has a mark in its data, name or id. */
function bears({ data, event, id = "" }: StreamEvent, mark: string): boolean {
  return [data, event, id].some((text) => text.includes(mark));
}

/** Whether an event's data is the payload. */
export function isWhole({ text, events }: Sent): boolean {
  return events.some(({ data }) => carries(data, text));
}
