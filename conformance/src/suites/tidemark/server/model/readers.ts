import type { Exchange } from "../../../../engine/wire/exchange.ts";
import type { ReadAsked } from "./asked.ts";
import { beginOf } from "./begin.ts";
import { CannotJudge, type Fault, noAnswer } from "./fault.ts";
import { Followed } from "./followed.ts";
import { between, type LogState, type Version } from "./log-state.ts";
import { answerRead } from "./read-answer.ts";
import { holdRequest, streamRequest } from "./requests.ts";
import type { CutStep, HoldStep, StreamStep } from "./steps.ts";
import { resumed, streamAsked } from "./stream-asked.ts";
import type { Table } from "./table.ts";

/** A held request. */
interface Held {
  readonly exchange: Exchange;
  readonly asked: ReadAsked;
  readonly step: HoldStep;
  /** Any version of the channel from this one on may explain the answer. */
  readonly since: number;
}

/** An open stream. */
interface Open {
  readonly followed: Followed;
  readonly step: StreamStep;
  resumes: number;
}

/** How often a stream that the server ends is opened again. */
const MAX_RESUMES = 3;

/** An answer can show a channel as it was so long before it came, in milliseconds; within the limit of answers. */
const RECENT_MS = 1_500;

/** The readers of a history that stay while other steps are made. */
export class Readers {
  readonly #table: Table;
  #held: Held[] = [];
  #open: Open[] = [];

  constructor(table: Table) {
    this.#table = table;
  }

  /** Begin held requests; those that are not to be held are judged at once. */
  async hold(step: HoldStep): Promise<void> {
    const { sender } = this.#table;
    const log = this.#table.log(step);
    const resolve = this.#table.resolver(step);
    const { maxWaitS = Number.POSITIVE_INFINITY } = this.#table.tools.target.claims;
    const request = holdRequest(step, this.#table.channel(step), resolve);
    const asked: ReadAsked = {
      by: "hold",
      position: resolve(step.at),
      filter: step.event,
      ifGap: step.gap,
      limit: step.limit === undefined ? undefined : Number(step.limit),
      waitS: step.huge ? maxWaitS : Math.min(step.wait, maxWaitS),
      head: false,
      match: undefined,
      isFaulty: false,
      http10: step.travel === "1.0",
    };
    const since = log.versions.length - 1;
    for (let copy = 0; copy < step.copies; copy += 1)
      this.#held.push({ exchange: sender.send(request, step.travel), asked, step, since });
    if (this.#isDue(this.#held.at(-1) as Held)) await this.#settleHeld(false);
    else await this.#arrive();
  }

  /** Give held requests the time to arrive: a request on another connection is answered after them. */
  async #arrive(): Promise<void> {
    await this.#table.rest(ARRIVE_MS);
  }

  async stream(step: StreamStep): Promise<void> {
    for (let copy = 0; copy < step.copies; copy += 1) this.#begin(step, undefined, 0);
    if (step.eager) return this.#arrive();
    for (const { followed } of this.#open)
      await this.#table.until(followed.exchange, () => followed.hasBegun);
    for (const open of this.#open) this.#judge(open);
    for (const open of this.#open)
      if (!open.followed.hasBegun)
        this.#table.report(open.followed.late(this.#table.log(open.step)), open.followed.exchange);
  }

  /** The reader drops a stream, and may resume. */
  async cut({ which, resume }: CutStep): Promise<void> {
    const open = this.#open[which % Math.max(1, this.#open.length)];
    if (!open) return;
    this.#judge(open);
    const { lastId } = open.followed;
    open.followed.exchange.abort();
    this.#open = this.#open.filter((other) => other !== open);
    if (resume && lastId !== "") this.#begin({ ...open.step, copies: 1 }, lastId, 0);
  }

  /** Forget all readers, because the server is about to end them. */
  drop(): void {
    for (const { exchange } of this.#held) exchange.abort();
    for (const { followed } of this.#open) followed.exchange.abort();
    this.#held = [];
    this.#open = [];
  }

  /** After a silence: no stream was silent for longer than its heartbeat. */
  checkSilence(): void {
    for (const { followed } of this.#open) this.#table.report(followed.silenceFault(), followed.exchange);
  }

  /** Wait until every reader has what is due. @param isLast whether also to sit out the waits */
  async settle(isLast: boolean): Promise<void> {
    await this.#settleHeld(isLast);
    for (const open of this.#open) await this.#settleStream(open);
    const ended = this.#open.filter(({ followed, step }) => followed.isToResume(this.#table.log(step)));
    this.#open = this.#open.filter(({ followed }) => !followed.isOver);
    for (const { followed, step, resumes } of ended)
      if (resumes < MAX_RESUMES) this.#begin(step, followed.lastId, resumes + 1);
    if (ended.some(({ resumes }) => resumes < MAX_RESUMES)) await this.settle(isLast);
  }

  #begin(step: StreamStep, lastId: string | undefined, resumes: number): void {
    const { sender } = this.#table;
    const log = this.#table.log(step);
    const resolve = this.#table.resolver(step);
    const how = lastId === undefined ? step : resumed(step);
    const asked = streamAsked(how, lastId ?? resolve(step.at));
    const at = lastId === undefined ? resolve : () => lastId;
    const request = streamRequest(how, this.#table.channel(step), at);
    const followed = new Followed(sender.send(request, step.travel), asked, log);
    this.#open.push({ followed, step, resumes });
  }

  #judge({ followed, step }: Open): void {
    this.#table.report(followed.judge(this.#table.log(step), this.#table.terms), followed.exchange);
  }

  async #settleStream(open: Open): Promise<void> {
    const { followed, step } = open;
    const log = this.#table.log(step);
    // It is called when bytes arrive, where nobody would handle an error: keep the error for later.
    let failure: unknown;
    const isDone = (): boolean => {
      try {
        if (failure === undefined) this.#judge(open);
      } catch (error) {
        failure = error;
      }
      return failure !== undefined || followed.isCurrent(log);
    };
    const done = await this.#table.until(followed.exchange, isDone);
    if (failure !== undefined) throw failure;
    this.#judge(open);
    if (!done && !followed.isCurrent(log)) this.#table.report(followed.late(log), followed.exchange);
    if (followed.carried > 0) this.#table.judged("stream");
  }

  /** Wait for the held requests that have a reason to be answered, and judge every answer. */
  async #settleHeld(isLast: boolean): Promise<void> {
    for (const held of this.#held) {
      const { exchange, asked } = held;
      if (exchange.ending === undefined && this.#isDue(held))
        await this.#awaitAnswer(held, this.#table.tools.limitMs);
      else if (exchange.ending === undefined && isLast && asked.waitS <= this.#table.tools.sitsOutS)
        await this.#awaitAnswer(held, asked.waitS * 1_000 - exchange.elapsedMs + this.#table.tools.limitMs);
      if (exchange.ending !== undefined) this.#judgeHeld(held);
    }
    this.#held = this.#held.filter(({ exchange }) => exchange.ending === undefined);
  }

  async #awaitAnswer(held: Held, limitMs: number): Promise<void> {
    const { exchange, asked } = held;
    if (await this.#table.until(exchange, () => exchange.ending !== undefined, limitMs)) return;
    if (exchange.ending !== undefined) return;
    const due = this.#dueBy(held);
    const expected = due ? due[1] : `an answer after ${asked.waitS} s`;
    this.#table.report(
      noAnswer(due?.[0] ?? "LP-WAIT-2", "the answer to the held request", expected, exchange),
      exchange,
    );
  }

  #isDue(held: Held): boolean {
    return this.#dueBy(held) !== undefined;
  }

  /** Why an answer is due: the requirement, and what is expected. */
  #dueBy({ asked, step, since }: Held): readonly [string, string] | undefined {
    const log: LogState = this.#table.log(step);
    const { now } = log;
    const { position, filter, ifGap } = asked;
    if (position === undefined || position === "start" || position === "end")
      return ["LP-NOW-1", "an answer at once"];
    const begin = beginOf(position, ifGap, now, log);
    const then = log.versions[since];
    if (then?.epoch !== now.epoch) return ["LP-NOW-4", "an answer that tells of the removal, at once"];
    if (beginOf(position, ifGap, then, log).gap.length > 0)
      return ["LP-NOW-2", "an answer that tells the gap, at once"];
    if (between(now.epoch, begin.index, now.count, filter).length > 0)
      return ["LP-WAIT-1", "an answer as soon as there is a message"];
    return now.closed ? ["LP-NOW-3", "an answer at the end of the closed channel, at once"] : undefined;
  }

  #explain({ exchange, asked, since }: Held, version: Version, log: LogState): Fault | undefined {
    const { terms } = this.#table;
    const learns = log.isOneEpoch(since);
    const moved = movedTo(asked, version, log);
    const fault = log.tentatively(() => answerRead(exchange, asked, version, log, terms), learns);
    if (!fault || moved === undefined) return fault;
    const later = { ...asked, position: moved };
    return log.tentatively(() => answerRead(exchange, later, version, log, terms), learns) && fault;
  }

  /** Any version since the request began may explain its answer. */
  #judgeHeld(held: Held): void {
    const { exchange, step, since } = held;
    if (exchange.ending === "no-connection") throw new CannotJudge("no connection");
    const log = this.#table.log(step);
    const { limitMs } = this.#table.tools;
    const oldest = exchange.endedAt - Math.max(RECENT_MS, limitMs);
    let fault: Fault | undefined;
    for (let at = log.versions.length - 1; at >= since && log.lasts(at, oldest); at -= 1) {
      const version = log.versions[at];
      const why = version && this.#explain(held, version, log);
      if (!why) {
        this.#table.judged(exchange.status === 200 ? "held page" : "hold without a page");
        return;
      }
      fault ??= why;
    }
    this.#table.report(fault, exchange);
  }
}

/**
 * The position from which a held request may go on: if retention dropped only messages that the filter drops, the server
 * has read them and need not tell a gap.
 */
function movedTo(
  { position, filter }: ReadAsked,
  { epoch, first }: Version,
  log: LogState,
): string | undefined {
  const begun = log.locate(position ?? "");
  if (begun?.epoch !== epoch || begun.index >= first) return undefined;
  return between(epoch, begun.index, first, filter).length === 0 ? log.cursorAt(epoch, first) : undefined;
}

/** Long enough for a request to arrive on a quiet machine; a history does not depend on it. */
const ARRIVE_MS = 8;
