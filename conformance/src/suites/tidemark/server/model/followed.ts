import { performance } from "node:perf_hooks";
import type { Exchange } from "../../../../engine/wire/exchange.ts";
import { JsonNumber, member, parseJson } from "../../../../engine/wire/json.ts";
import { describe } from "../../read/page.ts";
import { EventStream, isMessage } from "../../read/stream.ts";
import type { Terms } from "./asked.ts";
import { commonFault } from "./common-answer.ts";
import { CannotJudge, type Fault, unless } from "./fault.ts";
import { between, type LogState, type Version } from "./log-state.ts";
import type { StreamAsked } from "./stream-asked.ts";
import { beginningIn } from "./stream-begin.ts";
import { blockFault, type Progress } from "./stream-blocks.ts";

/** How late a heartbeat may arrive, in milliseconds. */
const BEAT_SLACK_MS = 1_000;

/** A stream that the model follows, block by block. */
export class Followed {
  readonly exchange: Exchange;
  readonly asked: StreamAsked;
  readonly #stream: EventStream;
  /** The versions of the channel that can explain the beginning: from this one on. */
  readonly #since: number;
  #taken = 0;
  #progress: Progress | undefined;
  #isOver = false;
  #heartbeatMs = Number.POSITIVE_INFINITY;
  /** When the last event came: a `performance.now()` time. */
  #eventAt = 0;
  /** The messages that were right. */
  carried = 0;

  constructor(exchange: Exchange, asked: StreamAsked, log: LogState) {
    this.exchange = exchange;
    this.asked = asked;
    this.#stream = new EventStream(exchange);
    this.#since = log.versions.length - 1;
  }

  /** The id that a client would resume from. */
  get lastId(): string {
    return this.#stream.lastId;
  }

  /** Whether nothing more can come. */
  get isOver(): boolean {
    return this.#isOver || this.exchange.ending !== undefined;
  }

  /** Whether the server ended it although the channel goes on, so that a client connects again. */
  isToResume(log: LogState): boolean {
    const isOpen = this.#progress?.epoch === log.now.epoch && !this.#progress.isClosed;
    return this.exchange.ending === "complete" && !this.#isOver && isOpen && this.lastId !== "";
  }

  /** Whether the stream has begun, or was refused. */
  get hasBegun(): boolean {
    return this.exchange.ending !== undefined || (this.#stream.isStream && this.#stream.blocks.length > 0);
  }

  /** Whether the stream has done everything that is due now. */
  isCurrent(log: LogState): boolean {
    if (this.isOver) return true;
    if (!this.#progress) return false;
    const { epoch, count, closed } = log.now;
    if (this.#progress.epoch !== epoch || closed) return false;
    return between(epoch, this.#progress.index, count, this.asked.filter).length === 0;
  }

  /** What is missing when the stream is not current. */
  late(log: LogState): Fault {
    const { epoch, first, closed } = log.now;
    const progress = this.#progress;
    const blocks = this.#stream.blocks.length;
    const late = (requirement: string, expected: string, actual = `nothing more; ${blocks} blocks so far`) =>
      ({ requirement, what: "the stream", expected, actual, timed: true }) as const;
    if (!progress) return late("SSE-STREAM-2", "a first block at once", describe(this.exchange));
    if (progress.epoch !== epoch) return late("SSE-END-3", "an end, because the channel was removed");
    const left = between(epoch, progress.index, epoch.messages.length, this.asked.filter);
    const next = `${left.length} more messages, the next is ${left[0]?.cursor}`;
    if (left.length > 0) return late(progress.index < first ? "SSE-END-2" : "SSE-MESSAGE-2", next);
    return late("SSE-CLOSED-1", closed ? "$closed and an end" : "an end");
  }

  /** A fault if nothing has come for longer than the announced heartbeat. */
  silenceFault(): Fault | undefined {
    return this.#progress && !this.isOver ? this.#beatFault(performance.now()) : undefined;
  }

  /** Judge what has come since the last call. */
  judge(log: LogState, terms: Terms): Fault | undefined {
    if (!this.#progress) {
      const fault = this.#isOver ? undefined : this.#begin(log, terms);
      if (fault || !this.#progress) return fault;
    }
    const { blocks } = this.#stream;
    while (this.#taken < blocks.length) {
      const fault = this.#take(this.#taken, this.#progress, log);
      this.#taken += 1;
      if (fault) return fault;
    }
    return this.#endFault();
  }

  #take(at: number, progress: Progress, log: LogState): Fault | undefined {
    const block = this.#stream.blocks[at];
    if (!block) return undefined;
    const arrivedAt = this.exchange.startedAt + block.atMs;
    const late = this.#beatFault(arrivedAt);
    if (block.event !== undefined) this.#eventAt = arrivedAt;
    const fault = blockFault(block, progress, this.asked.filter, arrivedAt, log) ?? late;
    if (!fault && isMessage(block)) this.carried += 1;
    return fault;
  }

  #beatFault(moment: number): Fault | undefined {
    const silentMs = moment - this.#eventAt;
    const limitMs = this.#heartbeatMs + BEAT_SLACK_MS;
    if (silentMs <= limitMs) return undefined;
    const expected = `at most ${this.#heartbeatMs / 1_000} s`;
    const actual = `${(silentMs / 1_000).toFixed(1)} s`;
    const what = "the silence of the stream";
    return {
      requirement: "SSE-BEAT-1",
      what,
      expected,
      actual,
      timed: true,
      silence: { from: this.#eventAt, to: moment, limitMs },
    };
  }

  #endFault(): Fault | undefined {
    const { ending } = this.exchange;
    if (ending === undefined || ending === "aborted") return undefined;
    const whole = ending === "complete" && this.#stream.unfinished === 0;
    return unless(
      whole || this.#isOver,
      "SSE-END-1",
      "the end of the stream",
      "after a block, with the end of the body",
      `${ending}${this.#stream.unfinished > 0 ? ", inside a block" : ""}`,
    );
  }

  #begin(log: LogState, terms: Terms): Fault | undefined {
    if (!this.hasBegun) return undefined;
    const [first] = this.#stream.blocks;
    const isBusy = [408, 425, 429, 503, 507].includes(this.exchange.status ?? 0);
    if (isBusy) throw new CannotJudge(describe(this.exchange));
    if (this.#stream.isStream && first?.event === undefined && first?.retryMs !== undefined)
      throw new CannotJudge("the server refuses the stream by a block with only `retry:`");
    const learns = log.isOneEpoch(this.#since);
    // It may have begun in any of several epochs, and its cursor is in none of them: it shows nothing.
    if (!learns && log.locate(first?.id ?? "") === undefined) {
      this.#isOver = true;
      return undefined;
    }
    let fault: Fault | undefined;
    for (let at = log.versions.length - 1; at >= this.#since; at -= 1) {
      const version = log.versions[at] as Version;
      const why = log.tentatively(() => this.#beginIn(version, log), learns);
      if (!why) return commonFault(this.exchange, terms, "read");
      fault ??= why;
    }
    return fault;
  }

  #beginIn(version: Version, log: LogState): Fault | undefined {
    const beginning = beginningIn(this.exchange, this.#stream, this.asked, version, log);
    if ("fault" in beginning) return beginning.fault;
    if ("isOver" in beginning) {
      this.#isOver = true;
      return undefined;
    }
    const [open] = this.#stream.blocks;
    const heartbeat = member(parseJson(open?.data ?? ""), "heartbeat");
    if (heartbeat instanceof JsonNumber) this.#heartbeatMs = Number(heartbeat.text) * 1_000;
    this.#eventAt = this.exchange.startedAt + (open?.atMs ?? 0);
    this.#taken = 1;
    this.#progress = { epoch: version.epoch, index: beginning.index, isClosed: false };
    return undefined;
  }
}
