import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { type Draft, type DriverContext, DriverError } from "../../../engine/drive/driver.ts";
import type { Exchange } from "../../../engine/wire/exchange.ts";
import { isExact } from "./judge-resume.ts";
import type { Observation } from "./observation.ts";
import { carries, type Payload, payloadsFor } from "./payloads.ts";
import { type Resume, resumeAfter } from "./resumes.ts";
import type { StreamEvent } from "./stream.ts";

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

/** What was published, and what came of it. */
export interface Published {
  /** What came of an empty payload between two others; undefined if it cannot be published. */
  readonly empty: { readonly events: number; readonly exchange: Exchange | undefined } | undefined;
  readonly sent: readonly Sent[];
  /** Publishes that followed each other: each was answered before the next. */
  readonly inOrder: readonly Sent[];
  /** Publishes at the same time, in no order. */
  readonly together: readonly Sent[];
  readonly resumes: readonly Resume[];
}

/** How long an event may take to arrive after its publish was answered. */
const ARRIVE_MS = 4_000;

/** How long one publish may take. */
const PUBLISH_MS = 8_000;

/** How often more is published while readers resume. */
const TICK_MS = 150;

/** Messages one after another, and messages at once. */
const IN_ORDER = 12;
const BURST = 20;

/** After so many resumes that are not exact, more of them show nothing new. */
const ENOUGH_FAULTS = 3;

/** How many ids are resumed from; all of them with `--thorough`. */
const RESUMES = 8;

/** Publish everything that tests need, once. */
export function publishedIn(seen: Observation): Promise<Published> {
  return seen.inTurn("published", () => new Publisher(seen).publishAll());
}

/** Publishes to the feed under test, and remembers what it sent. */
export class Publisher {
  readonly #seen: Observation;
  readonly #run = randomBytes(3).toString("hex");
  #count = 0;

  constructor(seen: Observation) {
    this.#seen = seen;
  }

  /** Publish every payload, then a burst, then resume from its ids while more is published. */
  async publishAll(): Promise<Published> {
    const sent: Omit<Sent, "events">[] = [];
    for (const payload of payloadsFor(this.#run)) sent.push(await this.#send(payload));
    const empty = await this.#sendEmpty();
    const burst: Omit<Sent, "events">[] = [];
    for (let n = 0; n < IN_ORDER; n += 1) burst.push(await this.#send(this.#message()));
    const together = await Promise.all(Array.from({ length: BURST }, () => this.#send(this.#message())));
    const all = [...sent, ...burst, ...together].filter(({ refused }) => refused === undefined);
    await this.#arrivalOf(all.map(({ mark }) => mark));
    const resumes = await this.#resume([...burst, ...together]);
    const withEvents = (one: Omit<Sent, "events">): Sent => ({ ...one, events: this.#eventsOf(one.mark) });
    return {
      empty: empty(),
      sent: sent.map(withEvents),
      inOrder: burst.map(withEvents),
      together: together.map(withEvents),
      resumes,
    };
  }

  /** Publish an empty payload between two others. Resolves to a function that counts the empty events between them. */
  async #sendEmpty(): Promise<() => Published["empty"]> {
    const seen = this.#seen;
    if (seen.target.settings.payload !== "text") return () => undefined;
    const before = await this.#send(this.#message());
    const empty = await this.#send({ what: "nothing", mark: "", text: "" });
    const after = await this.#send(this.#message());
    if ([before, empty, after].some(({ refused }) => refused !== undefined)) return () => undefined;
    return () => {
      const { events } = seen.witness;
      const place = (mark: string): number => events.findIndex(({ data }) => data.includes(mark));
      const from = place(before.mark);
      const to = place(after.mark);
      if (from === -1 || to === -1) return undefined;
      const between = events.slice(from + 1, to).filter(({ data }) => data === "" || data === '""');
      return { events: between.length, exchange: empty.exchange };
    };
  }

  /** Publish until the function that it returns is called, so that a quiet feed has events. */
  tick(everyMs: number): () => Promise<void> {
    const stop = new AbortController();
    const loop = async (): Promise<void> => {
      while (!stop.signal.aborted && !this.#seen.signal.aborted) {
        await this.#send(this.#message());
        await delay(everyMs);
      }
    };
    const done = loop();
    return async () => {
      stop.abort();
      await done;
    };
  }

  /** Resume from ids of the burst, each while another message is published. */
  async #resume(burst: readonly Omit<Sent, "events">[]): Promise<Resume[]> {
    const seen = this.#seen;
    if (seen.witness.withIds.length === 0) return [];
    const most = seen.target.settings.thorough ? burst.length : RESUMES;
    const step = Math.max(1, Math.floor(burst.length / most));
    const stop = this.tick(TICK_MS);
    const resumes: Resume[] = [];
    for (const { mark } of burst.filter((_, index) => index % step === 0)) {
      const id = this.#eventsOf(mark)[0]?.id;
      if (id === undefined || id === "") continue;
      resumes.push(await resumeAfter(seen, id));
      if (resumes.filter((one) => !isExact(seen, one).ok).length >= ENOUGH_FAULTS) break;
    }
    await stop();
    return resumes;
  }

  /** Wait until the witness has an event with each mark. Looks at each event once. */
  async #arrivalOf(marks: readonly string[]): Promise<void> {
    const missing = new Set(marks);
    let looked = 0;
    const isComplete = (): boolean => {
      for (const event of this.#seen.witness.events.slice(looked)) {
        looked += 1;
        for (const mark of missing) if (bears(event, mark)) missing.delete(mark);
      }
      return missing.size === 0;
    };
    await this.#seen.wait(isComplete, ARRIVE_MS);
  }

  #eventsOf(mark: string): readonly StreamEvent[] {
    return this.#seen.witness.events.filter((event) => bears(event, mark));
  }

  #message(): Payload & { readonly mark: string } {
    this.#count += 1;
    const mark = `tm${this.#run}n${this.#count}y`;
    return { what: `message ${this.#count}`, mark, text: mark };
  }

  async #send(payload: Payload & { readonly mark: string }): Promise<Omit<Sent, "events">> {
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
