import type { Exchange } from "../../../../engine/wire/exchange.ts";
import { member, parseJson } from "../../../../engine/wire/json.ts";
import type { EventStream } from "../../read/stream.ts";
import { type Begin, beginOf } from "./begin.ts";
import { cursorFault, gapMembersFault, refusalFault } from "./common-answer.ts";
import { type Fault, faultOf, firstOf, unless } from "./fault.ts";
import type { LogState, Version } from "./log-state.ts";
import type { StreamAsked } from "./stream-asked.ts";
import { formFault } from "./stream-blocks.ts";

/** How a stream begins if a version of the channel explains its beginning. */
export type Beginning =
  | { readonly fault: Fault }
  /** It begins after so many messages. */
  | { readonly index: number }
  /** There is no stream, and there should be none. */
  | { readonly isOver: true };

const OVER: Beginning = { isOver: true };

/** Whether a version of the channel explains the beginning of a stream. */
export function beginningIn(
  exchange: Exchange,
  stream: EventStream,
  asked: StreamAsked,
  version: Version,
  log: LogState,
): Beginning {
  const begin = placeOf(asked, version, log);
  const isEnd = begin.gap.length === 0 && version.closed && begin.index === version.count;
  if (begin.gap.length > 0 && asked.ifGap === undefined)
    return orFault(refusedFault(exchange, asked, begin.gap, version, log), OVER);
  if (asked.byHeader && isEnd) {
    const what = "the answer to `Last-Event-ID` at the end of a closed channel";
    return exchange.status === 204 ? OVER : { fault: faultOf("SSE-CLOSED-2", what, "204", exchange) };
  }
  const fault = statusFault(exchange, stream, asked) ?? openFault(stream, asked, begin, version, log);
  return orFault(fault, { index: begin.index });
}

function orFault(fault: Fault | undefined, otherwise: Beginning): Beginning {
  return fault ? { fault } : otherwise;
}

function placeOf({ position, isMalformed, ifGap }: StreamAsked, version: Version, log: LogState): Begin {
  if (!isMalformed) return beginOf(position, ifGap, version, log);
  return { index: ifGap === "end" ? version.count : version.first, gap: ["unknown"] };
}

function statusFault(exchange: Exchange, stream: EventStream, { http10 }: StreamAsked): Fault | undefined {
  if (exchange.status === 204)
    return faultOf("SSE-CLOSED-3", "the answer to this read by SSE", "200 with a stream", exchange);
  if (exchange.status === 410)
    return faultOf(
      "CORE-GAP-3",
      "the answer to a position after which nothing was dropped",
      "200 with a stream",
      exchange,
    );
  const isReadable = stream.isStream && !(http10 && exchange.framing === "chunked");
  return isReadable
    ? undefined
    : faultOf("SSE-STREAM-1", "the answer to a read by SSE", "200 with a stream", exchange);
}

function refusedFault(
  exchange: Exchange,
  { position, isMalformed }: StreamAsked,
  gap: readonly string[],
  version: Version,
  log: LogState,
): Fault | undefined {
  const reason = gap[0] === "retention" ? "CORE-GAP-1" : "CORE-GAP-2";
  return (
    refusalFault(exchange, isMalformed ? "SSE-RESUME-4" : reason, ["gap"]) ??
    gapMembersFault(parseJson(exchange.text), "CORE-PROBLEM-1", position, gap, version, log)
  );
}

function openFault(
  stream: EventStream,
  asked: StreamAsked,
  begin: Begin,
  version: Version,
  log: LogState,
): Fault | undefined {
  const block = stream.blocks[0];
  if (block?.event !== "$open")
    return unless(false, "SSE-OPEN-1", "the first block", "$open", block?.event ?? "no event");
  const gap = member(parseJson(block.data ?? ""), "gap");
  const requirement = asked.byHeader ? "SSE-RESUME-1" : "SSE-OPEN-2";
  const hasGap = begin.gap.length > 0;
  return firstOf([
    () => formFault(block, "SSE-OPEN-1"),
    () =>
      block.id === undefined
        ? unless(false, "SSE-OPEN-1", "`id:` of `$open`", "a cursor", undefined)
        : cursorFault(block.id, begin.index, "`id:` of `$open`", requirement, version, log),
    () =>
      unless(
        (gap !== undefined) === hasGap,
        gap === undefined ? "SSE-OPEN-4" : "CORE-GAP-3",
        "`gap` of `$open`",
        hasGap ? "the gap" : "absent",
        gap === undefined ? "absent" : "present",
      ),
    () => (hasGap ? gapMembersFault(gap, "SSE-OPEN-4", asked.position, begin.gap, version, log) : undefined),
  ]);
}
