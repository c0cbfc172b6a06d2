import { performance } from "node:perf_hooks";
import { setTimeout as delay } from "node:timers/promises";
import type { Exchange } from "../../../engine/wire/exchange.ts";
import type { RequestInit } from "../../../engine/wire/request.ts";
import type { Mechanism } from "../dialect/dialect.ts";
import type { Position } from "../dialect/places.ts";
import type { Meaning } from "./answer.ts";
import { marksIn } from "./marks.ts";

/** How readers reach the target. */
export interface Sender {
  readonly signal: AbortSignal;
  /** Send a request with the user's header fields; the exchange becomes evidence. @param kind a column of reports */
  send(init: RequestInit, kind: string): Exchange;
}

/** A message that a reader got. */
export interface Got {
  readonly mark: string;
  readonly payload: string;
  readonly exchange: Exchange;
  /** `performance.now()` when it was read. */
  readonly atMs: number;
}

/** A position that a reader got, and what it had got before. */
export interface Reached {
  readonly position: Position;
  /** How many messages it had got. */
  readonly after: number;
  readonly exchange: Exchange;
}

/** Where a reader begins: before the oldest message, after the newest, or after a position. */
export type From = "start" | "end" | Position;

/** A reader stops by itself after so many requests. */
export const MAX_REQUESTS = 600;

/** The most messages of other tests that are remembered. */
const MAX_FOREIGN = 1_000;

/** How often several readers are looked at. */
const LOOK_MS = 10;

/** Wait until a condition holds; false after the limit. */
export async function waitUntil(
  condition: () => boolean,
  limitMs: number,
  signal: AbortSignal,
): Promise<boolean> {
  const end = performance.now() + limitMs;
  while (!condition() && performance.now() < end && !signal.aborted) await delay(LOOK_MS);
  signal.throwIfAborted();
  return condition();
}

/** Follows a feed by one mechanism, and remembers what it got. It continues by itself until it is stopped. */
export abstract class Reader {
  readonly mechanism: Mechanism;
  readonly got: Got[] = [];
  /** The marks of messages of other tests. */
  readonly foreign: string[] = [];
  readonly reached: Reached[] = [];
  /** Responses that report missing messages, and the end. */
  readonly losses: Exchange[] = [];
  readonly ends: { readonly exchange: Exchange; readonly after: number }[] = [];
  /** The response by which the server refused to go on. */
  refusal: Exchange | undefined;
  /** The last exchange. */
  exchange: Exchange | undefined;
  /** How many requests it has sent. */
  requests = 0;
  position: Position | undefined;
  protected isStopped = false;
  protected isPaused = false;
  protected readonly sender: Sender;
  readonly #tag: string;
  #failure: unknown;
  #done: Promise<void> | undefined;

  constructor(mechanism: Mechanism, sender: Sender, tag: string) {
    this.mechanism = mechanism;
    this.sender = sender;
    this.#tag = tag;
  }

  /** Begin to read. */
  begin(): this {
    this.#done = this.follow().catch((error: unknown) => {
      this.#failure = error;
    });
    return this;
  }

  /** The marks of what it got, in order. */
  get marks(): readonly string[] {
    return this.got.map(({ mark }) => mark);
  }

  /** Whether the server accepts it as a reader: it has sent the head of a response, or holds the request. */
  abstract get isReading(): boolean;

  /** Wait for something; throws what ended the reader early. */
  async until(condition: () => boolean, limitMs: number): Promise<boolean> {
    const held = await waitUntil(
      () => condition() || this.#failure !== undefined,
      limitMs,
      this.sender.signal,
    );
    if (this.#failure !== undefined) throw this.#failure;
    return held;
  }

  /** Stop reading for a while, or go on. */
  pause(isPaused: boolean): void {
    this.isPaused = isPaused;
  }

  /** Leave: cut the connection. */
  async stop(): Promise<void> {
    this.isStopped = true;
    this.exchange?.abort();
    await this.#done;
  }

  protected abstract follow(): Promise<void>;

  /** Take what a response says. */
  protected take({ messages, position, loss, end, reset }: Meaning, exchange: Exchange): void {
    if (reset) this.position = undefined;
    if (loss) this.losses.push(exchange);
    for (const { payload, position: own } of messages) {
      for (const mark of marksIn(payload))
        if (mark.startsWith(`tm${this.#tag}n`))
          this.got.push({ mark, payload, exchange, atMs: performance.now() });
        else if (this.foreign.length < MAX_FOREIGN) this.foreign.push(mark);
      if (own) this.#reach(own, exchange);
    }
    if (position) this.#reach(position, exchange);
    if (end) this.ends.push({ exchange, after: this.got.length });
  }

  /** Forget what was got after the last position: it will be read again. */
  protected forget(): void {
    if (this.position === undefined) return; // it begins wherever the server lets it begin
    const after = this.reached.at(-1)?.after ?? 0;
    this.got.splice(Math.min(after, this.got.length));
  }

  #reach(position: Position, exchange: Exchange): void {
    this.position = position;
    const last = this.reached.at(-1);
    const isSame = last !== undefined && JSON.stringify(last.position) === JSON.stringify(position);
    if (isSame) this.reached.pop(); // it names the place after what has come since
    this.reached.push({ position, after: this.got.length, exchange });
  }
}
