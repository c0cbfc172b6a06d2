import type { Block } from "../../../../engine/wire/event-stream.ts";
import type { Exchange } from "../../../../engine/wire/exchange.ts";
import { member, parseJson } from "../../../../engine/wire/json.ts";
import { describe } from "../../read/page.ts";
import { EventStream, isMessage } from "../../read/stream.ts";
import type { Terms } from "./asked.ts";
import { beginOf } from "./begin.ts";
import { commonFault, cursorFault, gapMembersFault, refusalFault } from "./common-answer.ts";
import { CannotJudge, type Fault, faultOf, firstOf, unless } from "./fault.ts";
import { between, type Epoch, keeps, type LogState, type Version } from "./log-state.ts";
import { messagesFault } from "./page-answer.ts";

/** A read by SSE, as it was requested. */
export interface StreamAsked {
  readonly position: string | undefined;
  /** The position is in `Last-Event-ID`. */
  readonly byHeader: boolean;
  readonly filter: string | undefined;
  readonly ifGap: "start" | "end" | undefined;
  readonly http10: boolean;
}

/** A stream that the model follows, block by block. */
export class Followed {
  readonly exchange: Exchange;
  readonly asked: StreamAsked;
  readonly #stream: EventStream;
  /** The versions of the channel that can explain the beginning: from this one on. */
  readonly #since: number;
  #taken = 0;
  #epoch: Epoch | undefined;
  #index = 0;
  #isOver = false;
  #isClosed = false;

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
    return (
      this.exchange.ending === "complete" &&
      !this.#isOver &&
      !this.#isClosed &&
      this.#epoch === log.now.epoch &&
      this.lastId !== ""
    );
  }

  /** Whether the stream has begun, or was refused. */
  get hasBegun(): boolean {
    return this.exchange.ending !== undefined || (this.#stream.isStream && this.#stream.blocks.length > 0);
  }

  /** Whether the stream has done everything that is due now. */
  isCurrent(log: LogState): boolean {
    if (this.isOver) return true;
    if (!this.#epoch) return false;
    const { epoch, count, closed } = log.now;
    if (this.#epoch !== epoch || closed) return false;
    return between(epoch, this.#index, count, this.asked.filter).length === 0;
  }

  /** What is missing when the stream is not current. */
  late(log: LogState): Fault {
    const { epoch, first, closed } = log.now;
    const actual = `nothing more; ${this.#stream.blocks.length} blocks so far`;
    const what = "the stream";
    if (!this.#epoch)
      return {
        requirement: "SSE-STREAM-2",
        what,
        expected: "a first block at once",
        actual: describe(this.exchange),
        timed: true,
      };
    if (this.#epoch !== epoch)
      return {
        requirement: "SSE-END-3",
        what,
        expected: "an end, because the channel was removed",
        actual,
        timed: true,
      };
    const left = between(epoch, this.#index, epoch.messages.length, this.asked.filter);
    if (left.length > 0)
      return {
        requirement: this.#index < first ? "SSE-END-2" : "SSE-MESSAGE-2",
        what,
        expected: `${left.length} more messages, the next is ${left[0]?.cursor}`,
        actual,
        timed: true,
      };
    return {
      requirement: "SSE-CLOSED-1",
      what,
      expected: closed ? "$closed and an end" : "an end",
      actual,
      timed: true,
    };
  }

  /** Judge what has come since the last call. */
  judge(log: LogState, terms: Terms): Fault | undefined {
    if (!this.#epoch) {
      const fault = this.#isOver ? undefined : this.#begin(log, terms);
      if (fault || !this.#epoch) return fault;
    }
    const { blocks } = this.#stream;
    while (this.#taken < blocks.length) {
      const block = blocks[this.#taken];
      this.#taken += 1;
      const fault = block && this.#take(block, log);
      if (fault) return fault;
    }
    return this.#endFault();
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
    const { status } = this.exchange;
    if ([408, 425, 429, 503, 507].includes(status ?? 0)) throw new CannotJudge(describe(this.exchange));
    if (
      this.#stream.isStream &&
      this.#stream.blocks[0]?.event === undefined &&
      this.#stream.blocks[0]?.retryMs !== undefined
    )
      throw new CannotJudge("the server refuses the stream by a block with only `retry:`");
    const learns = log.isOneEpoch(this.#since);
    // It may have begun in any of several epochs, and its cursor is in none of them: it shows nothing.
    if (!learns && log.locate(this.#stream.blocks[0]?.id ?? "") === undefined) {
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
    const { position, byHeader, ifGap, http10 } = this.asked;
    const word = byHeader && (position === "start" || position === "end");
    const begin = word
      ? { index: ifGap === "end" ? version.count : version.first, gap: ["unknown"] }
      : beginOf(position, ifGap, version, log);
    const { exchange } = this;
    if (begin.gap.length > 0 && ifGap === undefined) return this.#refused(begin.gap, version, log);
    if (byHeader && begin.gap.length === 0 && version.closed && begin.index === version.count) {
      if (exchange.status === 204) this.#isOver = true;
      return exchange.status === 204
        ? undefined
        : faultOf(
            "SSE-CLOSED-2",
            "the answer to `Last-Event-ID` at the end of a closed channel",
            "204",
            exchange,
          );
    }
    if (exchange.status === 204)
      return faultOf("SSE-CLOSED-3", "the answer to this read by SSE", "200 with a stream", exchange);
    if (exchange.status === 410)
      return faultOf(
        "CORE-GAP-3",
        "the answer to a position after which nothing was dropped",
        "200 with a stream",
        exchange,
      );
    if (!this.#stream.isStream || (http10 && exchange.framing === "chunked"))
      return faultOf("SSE-STREAM-1", "the answer to a read by SSE", "200 with a stream", exchange);
    return this.#open(begin, version, log);
  }

  #refused(gap: readonly string[], version: Version, log: LogState): Fault | undefined {
    const requirement = gap[0] === "retention" ? "CORE-GAP-1" : "CORE-GAP-2";
    const fault =
      refusalFault(this.exchange, requirement, ["gap"]) ??
      gapMembersFault(
        parseJson(this.exchange.text),
        "CORE-PROBLEM-1",
        this.asked.position,
        gap,
        version,
        log,
      );
    if (!fault) this.#isOver = true;
    return fault;
  }

  #open(
    begin: { readonly index: number; readonly gap: readonly string[] },
    version: Version,
    log: LogState,
  ): Fault | undefined {
    const block = this.#stream.blocks[0];
    if (block?.event !== "$open")
      return unless(false, "SSE-OPEN-1", "the first block", "$open", block?.event ?? "no event");
    const gap = member(parseJson(block.data ?? ""), "gap");
    const requirement = this.asked.byHeader ? "SSE-RESUME-1" : "SSE-OPEN-2";
    const fault = firstOf([
      () =>
        block.id === undefined
          ? unless(false, "SSE-OPEN-1", "`id:` of `$open`", "a cursor", undefined)
          : cursorFault(block.id, begin.index, "`id:` of `$open`", requirement, version, log),
      () =>
        unless(
          (gap !== undefined) === begin.gap.length > 0,
          gap === undefined ? "SSE-OPEN-4" : "CORE-GAP-3",
          "`gap` of `$open`",
          begin.gap.length > 0 ? "the gap" : "absent",
          gap === undefined ? "absent" : "present",
        ),
      () =>
        begin.gap.length > 0
          ? gapMembersFault(gap, "SSE-OPEN-4", this.asked.position, begin.gap, version, log)
          : undefined,
    ]);
    if (fault) return fault;
    this.#taken = 1;
    this.#epoch = version.epoch;
    this.#index = begin.index;
    return undefined;
  }

  #take(block: Block, log: LogState): Fault | undefined {
    const epoch = this.#epoch as Epoch;
    if (this.#isClosed)
      return unless(false, "SSE-CLOSED-1", "the stream after `$closed`", "its end", block.event ?? "a block");
    if (isMessage(block)) return this.#takeMessage(block, epoch);
    if (block.event === "$closed") return this.#takeClosed(block, epoch, log);
    if (block.event === "$open")
      return unless(false, "SSE-OPEN-1", "a block after the first", "no `$open`", "$open");
    if (block.id === undefined) return undefined;
    return this.#takePosition(block, epoch, log);
  }

  #takeMessage(block: Block, epoch: Epoch): Fault | undefined {
    const next = epoch.messages.findIndex(
      (message, place) => place >= this.#index && keeps(this.asked.filter, message),
    );
    const expected = epoch.messages[next];
    const got = {
      cursor: block.id ?? "",
      event: block.event ?? "message",
      data: parseJson(block.data ?? "") ?? null,
    };
    const version = { epoch, first: 0, count: epoch.messages.length, closed: false };
    const fault = messagesFault(
      [got],
      expected ? [expected] : [],
      "the stream",
      this.asked.filter,
      version,
      this.#index,
    );
    if (!fault) this.#index = next + 1;
    return (
      fault && { ...fault, actual: `${fault.actual.split(", at place")[0]}, after ${this.#index} messages` }
    );
  }

  #takePosition(block: Block, epoch: Epoch, log: LogState): Fault | undefined {
    const what = `\`id:\` of ${block.event ?? "a bookmark"}`;
    const place = log.locate(block.id ?? "");
    const requirement = block.event === "$heartbeat" ? "SSE-BEAT-2" : "SSE-STREAM-6";
    if (!place || place.epoch !== epoch || place.index < this.#index)
      return unless(
        false,
        requirement,
        what,
        `a position after ${this.#index} messages or more`,
        place && place.epoch === epoch ? `that after ${place.index} messages` : block.id,
      );
    const passed = between(epoch, this.#index, place.index, this.asked.filter).length;
    this.#index = Math.max(this.#index, passed > 0 ? this.#index : place.index);
    return unless(
      passed === 0,
      "SSE-STREAM-6",
      what,
      "not past a message that the stream has not carried",
      `past ${passed} of them`,
    );
  }

  #takeClosed(block: Block, epoch: Epoch, log: LogState): Fault | undefined {
    const ended = log.versions.find((version) => version.epoch === epoch && version.closed);
    if (!ended)
      return unless(
        false,
        this.#epoch === log.now.epoch ? "SSE-CLOSED-1" : "SSE-END-3",
        "the stream of a channel that was not closed",
        "no `$closed`",
        "$closed",
      );
    const end = log.cursorAt(epoch, ended.count);
    const left = between(epoch, this.#index, ended.count, this.asked.filter).length;
    this.#isClosed = true;
    return firstOf([
      () =>
        unless(
          left === 0,
          "CORE-POSITION-1",
          "the messages before `$closed`",
          `${left} more`,
          "none of them",
        ),
      () =>
        unless(
          end === undefined || block.id === end,
          "SSE-CLOSED-1",
          "`id:` of `$closed`",
          end ?? "",
          block.id,
        ),
    ]);
  }
}
