import type { Exchange } from "../../../../engine/wire/exchange.ts";
import { mediaType } from "../../../../engine/wire/headers.ts";
import { parseJson } from "../../../../engine/wire/json.ts";
import { describe } from "../../read/page.ts";
import type { ReadAsked, Terms } from "./asked.ts";
import { beginOf } from "./begin.ts";
import { commonFault, gapMembersFault, refusalFault } from "./common-answer.ts";
import { CannotJudge, type Fault, faultOf, firstOf, unless } from "./fault.ts";
import type { LogState, Version } from "./log-state.ts";
import { pageFault } from "./page-answer.ts";
import { cacheFault, headMatchFault, notModified, tagFault } from "./validators.ts";

/** Statuses of a server that has too much to do: nothing follows from them. */
const BUSY: readonly (number | undefined)[] = [408, 425, 429, 503, 507];

/** Whether a version of the channel explains the answer to a read; if not, why. */
export function answerRead(
  exchange: Exchange,
  asked: ReadAsked,
  version: Version,
  log: LogState,
  terms: Terms,
): Fault | undefined {
  if (BUSY.includes(exchange.status)) throw new CannotJudge(describe(exchange));
  const common = commonFault(exchange, terms, "read");
  if (asked.isFaulty)
    return (
      refusalFault(exchange, "CORE-PARAM-3", ["invalid-parameter", "unsupported-parameter"], asked) ?? common
    );
  const begin = beginOf(asked.position, asked.ifGap, version, log);
  if (begin.gap.length > 0 && asked.ifGap === undefined)
    return gapFault(exchange, asked, begin.gap, version, log) ?? common;
  if (exchange.status === 304) return notModified(exchange, asked, begin.index, version, log) ?? common;
  const base = asked.by === "poll" ? "POLL-PAGE-1" : asked.by === "now" ? "LP-NOW-7" : "LP-WAIT-1";
  if (exchange.status === 410)
    return faultOf(
      "CORE-GAP-3",
      "the answer to a position after which nothing was dropped",
      "200 with a page",
      exchange,
    );
  if (
    exchange.status !== 200 ||
    mediaType(exchange.headers) !== "application/json" ||
    framedFor11(exchange, asked)
  )
    return faultOf(asked.head ? "CORE-HEAD-1" : base, "the answer to the read", "200 with a page", exchange);
  if (asked.head)
    return headFault(exchange) ?? headMatchFault(exchange, asked, begin.index, version, log) ?? common;
  return firstOf([
    () => pageFault(exchange, asked, begin, version, log, terms),
    () => cacheFault(exchange, asked, begin, log),
    () => tagFault(exchange, asked, begin.index, version, log),
    () => common,
  ]);
}

/** A client of HTTP/1.0 cannot read chunks. */
function framedFor11(exchange: Exchange, { http10 }: ReadAsked): boolean {
  return http10 && exchange.framing === "chunked";
}

function headFault(exchange: Exchange): Fault | undefined {
  return unless(
    exchange.body.length === 0 && exchange.faults.length === 0,
    "CORE-HEAD-1",
    "the body of the answer to HEAD",
    "none",
    `${exchange.body.length} parts`,
  );
}

function gapFault(
  exchange: Exchange,
  asked: ReadAsked,
  reasons: readonly string[],
  version: Version,
  log: LogState,
): Fault | undefined {
  const requirement = reasons[0] === "retention" ? "CORE-GAP-1" : "CORE-GAP-2";
  const refusal = refusalFault(exchange, requirement, ["gap"], asked);
  if (refusal || asked.head) return refusal;
  return gapMembersFault(parseJson(exchange.text), "CORE-PROBLEM-1", asked.position, reasons, version, log);
}
