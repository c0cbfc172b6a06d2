import { performance } from "node:perf_hooks";
import { setTimeout as pause } from "node:timers/promises";
import { NotOffered } from "../../../../engine/drive/control.ts";
import { DriverError } from "../../../../engine/drive/driver.ts";
import type { LagMonitor } from "../../../../engine/run/lag.ts";
import type { Channel } from "../../../../engine/wire/channel.ts";
import type { Exchange } from "../../../../engine/wire/exchange.ts";
import type { RequestInit } from "../../../../engine/wire/request.ts";
import type { Target } from "../target.ts";
import { playBurst } from "./burst.ts";
import { CannotJudge, type Fault, faultOf } from "./fault.ts";
import { LogState } from "./log-state.ts";
import { lookAfterRestart, lookAfterTrim } from "./provoked.ts";
import { answerPublish, answerRemove } from "./publish-answer.ts";
import { answerRead, claimsText, type ReadAsked, type Terms } from "./read-answer.ts";
import { Readers } from "./readers.ts";
import { bodyOf, publishRequest, type Resolve, readRequest } from "./requests.ts";
import { Sender } from "./sender.ts";
import type { History, HistoryStep, Place, PublishStep, ReadStep } from "./steps.ts";

/** What a play needs. */
export interface PlayTools {
  readonly target: Target;
  /** The channel and its sibling, unused so far. */
  readonly channels: readonly [Channel, Channel];
  /** Where the exchanges are recorded. */
  readonly exchanges: Exchange[];
  readonly lag: Pick<LagMonitor, "isLate">;
  readonly signal: AbortSignal;
  /** How long something that is due at once may take. */
  readonly limitMs: number;
  /** Whether to wait at the end for held requests that nothing ends earlier. */
  readonly sitsOut: boolean;
  /** The `performance.now()` after which no further step is made. @defaultValue never */
  readonly endsAt?: number;
}

/** How a history ended: every answer was right; one was not; or nothing follows. */
export type Played =
  | { readonly kind: "passed" }
  | {
      readonly kind: "failed";
      readonly fault: Fault;
      readonly step: number;
      readonly exchange: Exchange | undefined /** The step that sent the blamed request. */;
      readonly origin: HistoryStep | undefined;
    }
  | { readonly kind: "undecided"; readonly why: string };

/** Ends a play at the first answer that the model does not allow. */
export class Found extends Error {
  readonly fault: Fault;
  readonly exchange: Exchange | undefined;

  constructor(fault: Fault, exchange: Exchange | undefined) {
    super(fault.what);
    this.fault = fault;
    this.exchange = exchange;
  }
}

/** Play a history on new channels. */
export async function play(history: History, tools: PlayTools): Promise<Played> {
  const player = new Player(tools);
  let at = 0;
  try {
    for (const step of history) {
      tools.signal.throwIfAborted();
      if (performance.now() > (tools.endsAt ?? Number.POSITIVE_INFINITY)) break;
      player.sender.step = step;
      await player.step(step);
      at += 1;
    }
    await player.finish();
    return { kind: "passed" };
  } catch (error) {
    if (tools.signal.aborted) return { kind: "undecided", why: "stopped" };
    if (error instanceof Found)
      return {
        kind: "failed",
        fault: error.fault,
        step: Math.min(at, history.length - 1),
        exchange: error.exchange,
        origin: player.sender.originOf(error.exchange),
      };
    if (error instanceof CannotJudge || error instanceof DriverError || error instanceof NotOffered)
      return { kind: "undecided", why: error.message };
    throw error;
  } finally {
    player.sender.end();
  }
}

/** Plays one history. */
export class Player {
  readonly tools: PlayTools;
  readonly sender: Sender;
  readonly logs: readonly [LogState, LogState] = [new LogState(), new LogState()];
  readonly terms: Terms;
  readonly #readers: Readers;

  constructor(tools: PlayTools) {
    this.tools = tools;
    const { claims, claimed } = tools.target;
    this.sender = new Sender(tools.target, tools.exchanges);
    this.terms = { claimed: claimsText(claimed), maxLimit: claims.maxLimit };
    this.#readers = new Readers(this);
  }

  /** Make one step, and judge what it shows. */
  async step(step: HistoryStep): Promise<void> {
    if (step.do === "publish") return this.#publish(step);
    if (step.do === "read") return this.read(step);
    if (step.do === "hold") return this.#readers.hold(step);
    if (step.do === "stream") return this.#readers.stream(step);
    if (step.do === "burst") return playBurst(this, step);
    if (step.do === "packet") return this.#packet(step.reads);
    if (step.do === "remove") return this.#remove(step);
    if (step.do === "cut") return this.#readers.cut(step);
    if (step.do === "settle") return this.#settle(step.restMs ?? 0);
    return this.#provoke(step);
  }

  /** Everything that is still due. */
  async finish(): Promise<void> {
    await this.#readers.settle(this.tools.sitsOut);
    this.#siblings();
  }

  channel(step: { readonly channel: 0 | 1 }): Channel {
    return this.tools.channels[step.channel];
  }

  log(step: { readonly channel: 0 | 1 }): LogState {
    return this.logs[step.channel];
  }

  /** The position that a place stands for now. */
  resolver(step: { readonly channel: 0 | 1 }): Resolve {
    const { known } = this.log(step);
    const other = this.logs[step.channel === 0 ? 1 : 0];
    return (place: Place) => {
      if (place.kind === "none") return undefined;
      if (place.kind === "start" || place.kind === "end") return place.kind;
      if (place.kind === "foreign") return "Conformance.0~foreign";
      if (place.kind === "sibling") return other.now.epoch.messages.at(-1)?.cursor ?? "Conformance.0~sibling";
      if (known.length === 0 || !("n" in place)) return "start";
      const n = place.n % known.length;
      return place.kind === "newest" ? known[known.length - 1 - n] : known[n];
    };
  }

  /** Wait until the condition holds or the exchange is over; bytes that arrive and lag extend the limit. */
  async until(
    exchange: Exchange,
    condition: () => boolean,
    limitMs: number = this.tools.limitMs,
  ): Promise<boolean> {
    const { lag, signal } = this.tools;
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      const begun = performance.now();
      const bytes = exchange.receivedBytes;
      const held = await exchange.until(() => condition() || signal.aborted, limitMs);
      signal.throwIfAborted();
      if (held || exchange.ending !== undefined) return held;
      if (exchange.receivedBytes === bytes && !lag.isLate(begun)) return false;
    }
    return false;
  }

  /** Wait for the whole answer to a request that is not held. */
  async whole(exchange: Exchange): Promise<Exchange> {
    await this.until(exchange, () => exchange.ending !== undefined);
    await exchange.done(0);
    if (exchange.ending === "no-connection") throw new CannotJudge(`no connection: ${exchange.failure}`);
    const kept = /keep-alive/i.test(JSON.stringify(exchange.request.headers));
    if (exchange.status === undefined && kept && exchange.ending !== "limit")
      throw new CannotJudge("the kept connection was closed before the answer");
    return exchange;
  }

  /** End the play if there is a fault. */
  report(fault: Fault | undefined, exchange: Exchange | undefined): void {
    if (!fault) return;
    throw new Found(exchange?.ending === "limit" ? { ...fault, timed: true } : fault, exchange);
  }

  /** Send a publish; the answer is judged later. */
  post(step: PublishStep): {
    readonly exchange: Exchange;
    readonly body: string;
    readonly after: string | undefined;
  } {
    const resolve = this.resolver(step);
    const body = bodyOf(step, resolve);
    const channel = this.channel(step);
    const request = publishRequest(step, channel, body, channel.name);
    return {
      exchange: this.sender.send(request, step.travel),
      body,
      after: step.after && (resolve(step.after) ?? "start"),
    };
  }

  async #publish(step: PublishStep): Promise<void> {
    const { exchange, body, after } = this.post(step);
    await this.whole(exchange);
    this.report(answerPublish(exchange, { step, body, after }, this.log(step), this.terms), exchange);
  }

  /** Make a read that is answered at once. */
  async read(step: ReadStep): Promise<void> {
    const { request, asked } = this.#asked(step);
    const exchange = await this.whole(this.sender.send(request, step.travel));
    this.judgeRead(exchange, asked, step);
  }

  judgeRead(exchange: Exchange, asked: ReadAsked, step: { readonly channel: 0 | 1 }): void {
    const log = this.log(step);
    this.report(answerRead(exchange, asked, log.now, log, this.terms), exchange);
  }

  #asked(step: ReadStep): { readonly request: RequestInit; readonly asked: ReadAsked } {
    const resolve = this.resolver(step);
    const log = this.log(step);
    const request = readRequest(step, this.channel(step), resolve, log.lastTag);
    const match =
      step.match === "any" ? "*" : step.match === "other" ? '"never-sent"' : step.match && log.lastTag;
    const asked: ReadAsked = {
      by: step.head ? "poll" : step.by, // HEAD is answered as a poll, whatever its query
      position: resolve(step.at),
      filter: step.event,
      ifGap: step.gap,
      limit: step.limit,
      waitS: 0,
      head: step.head === true,
      match,
      isFaulty: step.fault !== undefined,
      http10: step.travel === "1.0",
    };
    return { request, asked };
  }

  async #settle(restMs: number): Promise<void> {
    await this.#readers.settle(false);
    if (restMs === 0) return;
    await this.rest(restMs);
    await this.#readers.settle(false);
  }

  async #packet(reads: readonly ReadStep[]): Promise<void> {
    const all = reads.map((step) => ({ step, ...this.#asked(step) }));
    const sent = this.sender.together(all.map(({ request }) => request));
    for (const [index, exchange] of sent.entries()) {
      const one = all[index];
      await this.whole(exchange);
      if (one) this.judgeRead(exchange, one.asked, one.step);
    }
  }

  async #remove(step: HistoryStep): Promise<void> {
    const request = { method: "DELETE", url: this.channel(step).url };
    const exchange = await this.whole(
      this.sender.send(request, step.travel === "1.0" ? "close" : step.travel),
    );
    this.report(answerRemove(exchange, this.log(step), this.terms), exchange);
  }

  async #provoke(step: HistoryStep): Promise<void> {
    const { control } = this.tools.target;
    const { signal } = this.tools;
    const context = {
      exchange: (init: RequestInit) => this.whole(this.sender.send(init, "close")),
      exchangeBare: async (init: RequestInit) => this.sender.bare(init).done(RESTART_LIMIT_MS),
      signal,
    };
    if (step.do === "trim") {
      if (!control?.trim) throw new CannotJudge("the target cannot trim");
      await control.trim(this.channel(step), step.keep, context);
      await lookAfterTrim(this, step, step.keep);
    } else if (step.do === "restart") {
      if (!control?.restart) throw new CannotJudge("the target cannot restart");
      this.#readers.drop();
      await control.restart(context);
      await lookAfterRestart(this);
    }
  }

  /** Let other work run for so long. */
  async rest(ms: number): Promise<void> {
    await pause(ms);
  }

  /** No cursor of a message belongs to both channels. */
  #siblings(): void {
    const [one, two] = this.logs;
    const shared = one.known.find(
      (cursor) => (one.locate(cursor)?.index ?? 0) > 0 && (two.locate(cursor)?.index ?? 0) > 0,
    );
    if (shared === undefined) return;
    const exchange = this.sender.exchanges.at(-1);
    const fault = {
      requirement: "CORE-CURSOR-8",
      what: "the cursors of two channels",
      expected: "different ones",
      actual: `both have ${shared}`,
    };
    this.report(fault, exchange);
  }
}

/** How often bytes that arrive, or lag, may extend a limit. */
const MAX_ROUNDS = 6;

const RESTART_LIMIT_MS = 30_000;

/** A fault because an answer did not come in time. */
export function noAnswer(requirement: string, what: string, expected: string, exchange: Exchange): Fault {
  return { ...faultOf(requirement, what, expected, exchange), timed: true };
}
