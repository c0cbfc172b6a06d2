import type { Exchange } from "../../../../engine/wire/exchange.ts";
import type { RequestInit } from "../../../../engine/wire/request.ts";
import type { ReadAsked } from "./asked.ts";
import { playBurst } from "./burst.ts";
import { CannotJudge } from "./fault.ts";
import { answerMethod } from "./method-answer.ts";
import { lookAfterOverflow, lookAfterRestart, lookAfterTrim } from "./provoked.ts";
import { answerPublish, answerRemove } from "./publish-answer.ts";
import { answerRead } from "./read-answer.ts";
import { Readers } from "./readers.ts";
import { matchOf, readRequest } from "./requests.ts";
import type { BurstStep, HistoryStep, MethodStep, PublishStep, ReadStep } from "./steps.ts";
import type { Table } from "./table.ts";

/** Plays one history. */
export class Player {
  readonly #table: Table;
  readonly #readers: Readers;

  constructor(table: Table) {
    this.#table = table;
    this.#readers = new Readers(table);
  }

  /** Make one step, and judge what it shows. */
  async step(step: HistoryStep): Promise<void> {
    if (step.do === "publish") return this.#publish(step);
    if (step.do === "read") return this.#read(step);
    if (step.do === "hold") return this.#readers.hold(step);
    if (step.do === "stream") return this.#readers.stream(step);
    if (step.do === "burst") return this.#burst(step);
    if (step.do === "packet") return this.#packet(step.reads);
    if (step.do === "remove") return this.#remove(step);
    if (step.do === "cut") return this.#readers.cut(step);
    if (step.do === "settle") return this.#settle(step.restMs ?? 0);
    if (step.do === "method") return this.#method(step);
    return this.#provoke(step);
  }

  /** Everything that is still due. */
  async finish(): Promise<void> {
    await this.#readers.settle(true);
    this.#siblings();
  }

  async #publish(step: PublishStep): Promise<void> {
    const posted = this.#table.post(step);
    const { exchange } = posted;
    await this.#table.whole(exchange);
    this.#table.report(answerPublish(exchange, posted, this.#table.log(step), this.#table.terms), exchange);
    this.#table.judged(exchange.status === 200 ? "publish" : "refusal of a publish");
    await this.#noticeOverflow(step);
  }

  async #burst(step: BurstStep): Promise<void> {
    await playBurst(this.#table, step);
    await this.#noticeOverflow(step);
  }

  async #noticeOverflow(step: HistoryStep): Promise<void> {
    const { retains } = this.#table.tools;
    if (retains !== undefined && this.#table.log(step).now.count >= retains)
      await lookAfterOverflow(this.#table, step);
  }

  /** Make a read that is answered at once. */
  async #read(step: ReadStep): Promise<void> {
    const { request, asked } = this.#asked(step);
    const exchange = await this.#table.whole(this.#table.sender.send(request, step.travel));
    this.#judgeRead(exchange, asked, step);
  }

  #judgeRead(exchange: Exchange, asked: ReadAsked, step: { readonly channel: 0 | 1 }): void {
    const log = this.#table.log(step);
    this.#table.report(answerRead(exchange, asked, log.now, log, this.#table.terms), exchange);
    this.#table.judged(exchange.status === 200 ? "page" : "read without a page");
  }

  #asked(step: ReadStep): { readonly request: RequestInit; readonly asked: ReadAsked } {
    const resolve = this.#table.resolver(step);
    const log = this.#table.log(step);
    const match = matchOf(step, log.lastTag);
    const request = readRequest(step, this.#table.channel(step), resolve, match);
    const asked: ReadAsked = {
      by: step.head ? "poll" : step.by, // HEAD is answered as a poll, whatever its query
      position: resolve(step.at),
      filter: step.event,
      ifGap: step.gap,
      limit: step.limit === undefined ? undefined : Number(step.limit),
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
    await this.#table.rest(restMs);
    await this.#readers.settle(false);
    this.#readers.checkSilence();
  }

  async #packet(reads: readonly ReadStep[]): Promise<void> {
    const all = reads.map((step) => ({ step, ...this.#asked(step) }));
    const sent = this.#table.sender.together(all.map(({ request }) => request));
    for (const [index, exchange] of sent.entries()) {
      const one = all[index];
      await this.#table.whole(exchange);
      if (one) this.#judgeRead(exchange, one.asked, one.step);
    }
  }

  async #method(step: MethodStep): Promise<void> {
    const request = { method: step.method, url: this.#table.channel(step).url };
    const exchange = await this.#table.whole(this.#table.sender.send(request, "close"));
    this.#table.report(answerMethod(exchange, step, this.#table.terms), exchange);
    this.#table.judged("other method");
  }

  async #remove(step: HistoryStep): Promise<void> {
    const request = { method: "DELETE", url: this.#table.channel(step).url };
    const exchange = await this.#table.whole(
      this.#table.sender.send(request, step.travel === "1.0" ? "close" : step.travel),
    );
    this.#table.report(answerRemove(exchange, this.#table.log(step), this.#table.terms), exchange);
  }

  async #provoke(step: HistoryStep): Promise<void> {
    const { control } = this.#table.tools.target;
    const { signal } = this.#table.tools;
    const context = {
      exchange: (init: RequestInit) => this.#table.whole(this.#table.sender.send(init, "close")),
      exchangeBare: async (init: RequestInit) => this.#table.sender.bare(init).done(RESTART_LIMIT_MS),
      signal,
    };
    if (step.do === "trim") {
      if (!control?.trim) return this.#overflow(step);
      await control.trim(this.#table.channel(step), step.keep, context);
      await lookAfterTrim(this.#table, step, step.keep);
    } else if (step.do === "restart") {
      if (!control?.restart) throw new CannotJudge("the target cannot restart");
      this.#readers.drop();
      await control.restart(context);
      await lookAfterRestart(this.#table);
    }
  }

  /** Publish so much that the oldest messages are dropped. */
  async #overflow({ channel }: HistoryStep): Promise<void> {
    const { retains } = this.#table.tools;
    if (retains === undefined) throw new CannotJudge("the target cannot trim");
    const post = { do: "publish", size: 0, events: ["message"], channel, travel: "close" } as const;
    for (let left = retains; left > 0; left -= MOST_AT_ONCE)
      await this.#publish({ ...post, tag: left, count: Math.min(left, MOST_AT_ONCE) });
  }

  /** No cursor of a message belongs to both channels. */
  #siblings(): void {
    const [one, two] = this.#table.logs;
    const shared = one.known.find(
      (cursor) => (one.locate(cursor)?.index ?? 0) > 0 && (two.locate(cursor)?.index ?? 0) > 0,
    );
    if (shared === undefined) return;
    const exchange = this.#table.sender.exchanges.at(-1);
    const fault = {
      requirement: "CORE-CURSOR-8",
      what: "the cursors of two channels",
      expected: "different ones",
      actual: `both have ${shared}`,
    };
    this.#table.report(fault, exchange);
  }
}

const RESTART_LIMIT_MS = 30_000;

/** The most messages of a publish that every server takes. */
const MOST_AT_ONCE = 100;
