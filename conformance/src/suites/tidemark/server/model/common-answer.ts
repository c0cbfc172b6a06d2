import type { Exchange } from "../../../../engine/wire/exchange.ts";
import { listMembers, mediaType } from "../../../../engine/wire/headers.ts";
import { type Json, member } from "../../../../engine/wire/json.ts";
import { parseClaims } from "../../claims.ts";
import { problemName } from "../../read/page.ts";
import type { Terms } from "./asked.ts";
import { type Fault, faultOf, firstOf, unless } from "./fault.ts";
import type { LogState, Version } from "./log-state.ts";

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
    () => originFault(exchange),
  ]);
}

const EXPOSED = ["tidemark", "etag", "retry-after", "location", "www-authenticate"];

/** What an answer that pages of other origins may read has. */
function originFault(exchange: Exchange): Fault | undefined {
  const origin = exchange.header("access-control-allow-origin");
  if (origin === undefined) return undefined;
  const exposed = listMembers(exchange.header("access-control-expose-headers"));
  const missing = EXPOSED.filter((name) => !exposed.includes(name) && !exposed.includes("*"));
  const vary = listMembers(exchange.header("vary"));
  return firstOf([
    () =>
      unless(
        missing.length === 0,
        "CORE-ORIGIN-2",
        "`Access-Control-Expose-Headers`",
        EXPOSED.join(", "),
        exchange.header("access-control-expose-headers"),
      ),
    () =>
      unless(
        origin === "*" || vary.includes("origin") || vary.includes("*"),
        "CORE-ORIGIN-4",
        `\`Vary\` beside \`Access-Control-Allow-Origin: ${origin}\``,
        "Origin",
        exchange.header("vary"),
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
