import { setTimeout as delay } from "node:timers/promises";
import type { Exchange } from "../../../engine/wire/exchange.ts";
import type { ReadConfig } from "../dialect/dialect.ts";
import { fillRequest, type Values } from "../dialect/fill.ts";
import { type Position, positionOf } from "../dialect/places.ts";
import { type Interpreter, type Meaning, readAnswer } from "./answer.ts";
import { type From, MAX_REQUESTS, Reader, type Sender } from "./reader.ts";

/** How long a polling reader waits after a response without messages. */
const POLL_MS = 60;

/** How long a response may take if nothing says how long a request is held. */
export const ANSWER_MS = 8_000;

/** How long a hold lasts if the dialect does not say so. */
const HOLD_MS = 30_000;

/** The configuration of a reader that sends requests. */
export interface RequestReading {
  readonly mechanism: "poll" | "long-poll";
  readonly config: ReadConfig;
  readonly values: Values;
  readonly interpreter: Interpreter;
  readonly limitMs: number | undefined;
}

/** The position where a reader begins. */
export function beginning(config: Pick<ReadConfig, "position">, from: From): Position | undefined {
  const { start, end } = config.position ?? {};
  if (from === "start") return positionOf(start);
  return from === "end" ? positionOf(end ?? start) : from;
}

/** Polls, or polls with requests that are held. */
export class RequestReader extends Reader {
  readonly #reading: RequestReading;
  /** Bytes of the body after which the next response counts as lost. */
  #cutAfter: number | undefined;
  /** How many responses were cut. */
  cuts = 0;
  /** Every complete response, with the position that was asked for. */
  readonly answers: {
    readonly asked: Position | undefined;
    readonly exchange: Exchange;
    readonly meaning: Meaning;
  }[] = [];

  constructor(reading: RequestReading, sender: Sender, tag: string, from: From) {
    super(reading.mechanism, sender, tag);
    this.#reading = reading;
    this.position = beginning(reading.config, from);
  }

  get isReading(): boolean {
    return this.answers.length > 0 || (this.mechanism === "long-poll" && this.requests > 0);
  }

  /** Treat the next response with messages as lost after so many bytes of its body. */
  cutNext(bytes: number): void {
    this.#cutAfter = bytes;
  }

  protected async follow(): Promise<void> {
    while (!this.isStopped && !this.sender.signal.aborted && this.requests < MAX_REQUESTS) {
      if (this.isPaused) {
        await delay(POLL_MS);
        continue;
      }
      const meaning = await this.#ask();
      if (!meaning || this.isStopped) continue;
      if (meaning.refused) return;
      if (meaning.end) return;
      if (meaning.messages.length === 0) await delay(this.mechanism === "poll" ? POLL_MS : 1);
    }
  }

  async #ask(): Promise<Meaning | undefined> {
    const { config, values, interpreter, limitMs, mechanism } = this.#reading;
    const asked = this.position;
    const exchange = this.sender.send(fillRequest(config.request, { ...values, ...asked }), mechanism);
    this.exchange = exchange;
    this.requests += 1;
    const held = mechanism === "long-poll" ? (limitMs ?? HOLD_MS) : 0;
    await exchange.until(() => this.isStopped, held + ANSWER_MS);
    if (this.isStopped || exchange.ending !== "complete") {
      if (!this.isStopped) this.refusal = exchange;
      const isLost = exchange.ending === "cut" || exchange.ending === "reset";
      exchange.abort();
      if (isLost) await delay(POLL_MS);
      return isLost ? undefined : { messages: [], refused: true };
    }
    const meaning = readAnswer(config, exchange, interpreter, mechanism);
    if (this.#cutAfter !== undefined && meaning.messages.length > 0) {
      this.#cutAfter = undefined; // as a client sees a response that broke off: it asks again
      this.cuts += 1;
      return undefined;
    }
    this.answers.push({ asked, exchange, meaning });
    this.take(meaning, exchange);
    this.refusal = meaning.refused ? exchange : undefined;
    return meaning;
  }
}
