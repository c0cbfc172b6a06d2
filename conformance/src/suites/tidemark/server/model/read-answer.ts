import type { Exchange } from "../../../../engine/wire/exchange.ts";
import { mediaType } from "../../../../engine/wire/headers.ts";
import { type Json, member, parseJson } from "../../../../engine/wire/json.ts";
import { parseClaims } from "../../claims.ts";
import { describe, problemName } from "../../read/page.ts";
import { beginOf } from "./begin.ts";
import { CannotJudge, type Fault, faultOf, firstOf, unless } from "./fault.ts";
import type { LogState, Version } from "./log-state.ts";
import { pageFault } from "./page-answer.ts";
import { cacheFault, notModified, tagFault } from "./validators.ts";

/** A read without a stream, as it was requested. */
export interface ReadAsked {
  /** `hold` is a long poll that may be held. */
  readonly by: "poll" | "now" | "hold";
  readonly position: string | undefined;
  readonly filter: string | undefined;
  readonly ifGap: "start" | "end" | undefined;
  readonly limit: number | undefined;
  readonly waitS: number;
  readonly head: boolean;
  readonly match: string | undefined;
  readonly isFaulty: boolean;
  readonly http10: boolean;
}

/** What the server claims, as far as responses depend on it. */
export interface Terms {
  readonly claimed: string;
  readonly maxLimit: number | undefined;
}

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
  if (asked.head) return headFault(exchange) ?? common;
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

/** What every answer has. */
export function commonFault(
  exchange: Exchange,
  { claimed }: Terms,
  kind: "read" | "write",
): Fault | undefined {
  const field = exchange.header("tidemark");
  const full = exchange.status === 304 && parseClaims(field)?.version === 1;
  return firstOf([
    () =>
      unless(
        full || claimsText(field) === claimed,
        "CORE-CLAIM-1",
        "`Tidemark` of the answer",
        claimed,
        field,
      ),
    () =>
      unless(
        kind !== "read" || /(^|,)\s*(accept|\*)\s*(,|$)/i.test(exchange.header("vary") ?? ""),
        "CORE-CACHE-3",
        "`Vary` of the answer to a read",
        "Accept",
        exchange.header("vary"),
      ),
    () =>
      unless(
        exchange.body.length === 0 || exchange.header("x-content-type-options")?.toLowerCase() === "nosniff",
        "CORE-PROBLEM-4",
        "`X-Content-Type-Options` of an answer with a body",
        "nosniff",
        exchange.header("x-content-type-options"),
      ),
  ]);
}

/** The claims in a form that can be compared. */
export function claimsText(field: string | undefined): string {
  return JSON.stringify(parseClaims(field) ?? "absent");
}

/** A refusal with one of these problems, and with what every problem has. */
export function refusalFault(
  exchange: Exchange,
  requirement: string,
  names: readonly string[],
  { head = false }: { readonly head?: boolean } = {},
): Fault | undefined {
  const status = STATUS[names[0] ?? ""];
  const name = problemName(exchange);
  const fits = exchange.status === status && (head || names.includes(name ?? ""));
  if (!fits) return faultOf(requirement, "the answer", `${status} ${names.join(" or ")}`, exchange);
  const cached = exchange.header("cache-control");
  return firstOf([
    () =>
      unless(
        head || mediaType(exchange.headers) === "application/problem+json",
        "CORE-PROBLEM-1",
        "the media type of the problem",
        "application/problem+json",
        exchange.header("content-type"),
      ),
    () =>
      unless(
        cached !== undefined && /(^|,)\s*no-store\s*(,|$)/i.test(cached),
        "CORE-CACHE-1",
        "`Cache-Control` of an error",
        "no-store",
        cached,
      ),
  ]);
}

const STATUS: Readonly<Record<string, number>> = {
  "invalid-parameter": 400,
  "invalid-header": 400,
  "invalid-body": 400,
  gap: 410,
  closed: 409,
  "not-at-end": 409,
  "unsupported-type": 415,
  "key-reused": 422,
  "too-large": 413,
};

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

/** The four members of a gap, in a problem, a page or `$open`. */
export function gapMembersFault(
  gap: Json | undefined,
  requirement: string,
  requested: string | undefined,
  reasons: readonly string[],
  version: Version,
  log: LogState,
): Fault | undefined {
  const text = (name: string): string | undefined => {
    const value = member(gap, name);
    return typeof value === "string" ? value : undefined;
  };
  return firstOf([
    () =>
      unless(
        text("requested") === requested,
        requirement,
        "`requested` of the gap",
        requested ?? "",
        text("requested"),
      ),
    () => endFault(text("start"), version.first, "`start` of the gap", version, log),
    () => endFault(text("end"), version.count, "`end` of the gap", version, log),
    () =>
      unless(
        reasons.includes(text("reason") ?? ""),
        "CORE-GAP-6",
        "`reason` of the gap",
        reasons.join(" or "),
        text("reason"),
      ),
  ]);
}

function endFault(
  cursor: string | undefined,
  index: number,
  what: string,
  version: Version,
  log: LogState,
): Fault | undefined {
  return cursor === undefined
    ? unless(false, "CORE-PROBLEM-1", what, "a cursor", undefined)
    : cursorFault(cursor, index, what, "CORE-GAP-5", version, log);
}

/** A cursor stands for this position; it is learned if it is new. */
export function cursorFault(
  cursor: string,
  index: number,
  what: string,
  requirement: string,
  { epoch }: Version,
  log: LogState,
): Fault | undefined {
  const known = log.cursorAt(epoch, index);
  const located = log.locate(cursor);
  if (located && (located.epoch !== epoch || located.index !== index)) {
    const other = located.epoch === epoch ? requirement : "CORE-CURSOR-3";
    return unless(
      false,
      other,
      what,
      known ?? "a cursor of its own",
      `${cursor}, the cursor of another position`,
    );
  }
  if (known !== undefined && known !== cursor) return unless(false, "CORE-CURSOR-2", what, known, cursor);
  log.learn(cursor, epoch, index);
  return undefined;
}
