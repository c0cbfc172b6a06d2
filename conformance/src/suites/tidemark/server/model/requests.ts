import { type Channel, withRawQuery } from "../../../../engine/wire/channel.ts";
import type { HeaderLine } from "../../../../engine/wire/headers.ts";
import type { RequestInit } from "../../../../engine/wire/request.ts";
import { acceptOf } from "./accept.ts";
import { faultyCoding, faultyKey, faultyQuery, faultyType } from "./faulty.ts";
import { chunked, type Resolve } from "./publish-body.ts";
import type { HoldStep, PublishStep, ReadSpelling, ReadStep, StreamStep } from "./steps.ts";

/** What browsers send. */
const CODINGS: HeaderLine = ["Accept-Encoding", "gzip, deflate, br, zstd"];

/** Parameters of reads, which do not concern a publish. */
const READ_PARAMETERS = "limit=0&after=lower&stream=x&wait=9&gap=middle";

/** The text of an idempotency key: some differ only in case, one has the greatest length, one has escapes. */
export function keyOf(run: string, key: number): string {
  const letter = String.fromCharCode(97 + ((key >> 1) % 26));
  const text = `${encodeURIComponent(run)}-${key >> 1}-${key % 2 === 0 ? letter : letter.toUpperCase()}`;
  if (key === 5) return `"${text.padEnd(255, "k")}"`;
  return key === 3 ? `"${text}\\"\\\\"` : `"${text}"`;
}

export function publishRequest(
  step: PublishStep,
  channel: Channel,
  body: string | Uint8Array,
  run: string,
): RequestInit {
  const { spelled, fault, form = 0 } = step;
  const isChunked = spelled === "chunked" && step.travel !== "1.0";
  const type =
    fault === "type"
      ? faultyType(form)
      : spelled === "typed"
        ? "Application/JSON ; charset=utf-8"
        : "application/json";
  const keys: readonly HeaderLine[] =
    step.key === undefined ? [] : [["Idempotency-Key", keyOf(run, step.key)]];
  return {
    method: "POST",
    url: spelled === "query" ? withRawQuery(channel.url, READ_PARAMETERS) : channel.url,
    headers: [
      ...(type === undefined ? [] : [["Content-Type", type] as const]),
      ...(fault === "coding" ? [faultyCoding(form)] : []),
      ...(fault === "key" ? faultyKey(form) : keys),
      ...(isChunked ? [["Transfer-Encoding", "chunked"] as const] : []),
    ],
    body: isChunked ? chunked(body) : body,
    ...version(step),
  };
}

type Pair = readonly [name: string, value: string];

/** The query text of a read. */
function queryText(pairs: readonly Pair[], spelled: ReadSpelling | undefined, more?: string): string {
  const ordered = spelled === "reversed" ? [...pairs].reverse() : pairs;
  const encode = spelled === "encoded" ? everyByte : encodeURIComponent;
  const parts = ordered.map(
    ([name, value]) => `${spelled === "encoded" ? everyByte(name) : name}=${encode(value)}`,
  );
  const padded = spelled === "padded" ? ["", "Limit=0", ...parts, "", "acme.x", "%FF=%00"] : parts;
  return [...padded, ...(more === undefined ? [] : [more])].join("&");
}

/** Each byte as an escape. */
function everyByte(text: string): string {
  return [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join("");
}

function pairsOf(
  { event, gap }: { readonly event?: string; readonly gap?: string },
  after: string | undefined,
): Pair[] {
  return [
    ...(after === undefined ? [] : [["after", after] as const]),
    ...(event === undefined ? [] : [["event", event] as const]),
    ...(gap === undefined ? [] : [["gap", gap] as const]),
  ];
}

export function readRequest(
  step: ReadStep,
  channel: Channel,
  resolve: Resolve,
  match: string | undefined,
): RequestInit {
  const pairs: Pair[] = [
    ...pairsOf(step, resolve(step.at)),
    ...(step.by === "now" ? [["wait", "0"] as const] : []),
    ...(step.limit === undefined ? [] : [["limit", step.limit] as const]),
    ...(step.extra ? [["lastSeen", "1"] as const] : []),
  ];
  const fault = step.fault && faultyQuery(step.fault, step.form ?? 0);
  const last = step.lastEventId && resolve(step.lastEventId);
  // HEAD is answered as a poll, whatever it accepts.
  const wanted = step.head && (step.accept ?? 0) % 2 === 1 ? "sse" : "json";
  const accepts = step.accept === undefined ? [] : acceptOf(step.accept, wanted);
  return {
    method: step.head ? "HEAD" : "GET",
    url: withRawQuery(channel.url, queryText(pairs, step.spelled, fault)),
    headers: [
      ...accepts.map((value) => ["Accept", value] as const),
      ...(match === undefined ? [] : [["If-None-Match", match] as const]),
      ...(last === undefined ? [] : [["Last-Event-ID", bytesOf(last)] as const]),
      ...(step.coding ? [CODINGS] : []),
    ],
    ...version(step),
  };
}

/** What `If-None-Match` has. */
export function matchOf({ match }: ReadStep, tag: string | undefined): string | undefined {
  if (match === undefined) return undefined;
  if (match === "any") return "*";
  if (match === "other") return '"never-sent"';
  if (match === "listed") return tag && `W/"never,sent", ${tag} , "another"`;
  return match === "strong" ? tag?.replace(/^W\//, "") : tag;
}

/** A number of seconds above every limit. */
const HUGE_WAIT = "18446744073709551617";

export function holdRequest(step: HoldStep, channel: Channel, resolve: Resolve): RequestInit {
  const pairs: Pair[] = [
    ...pairsOf(step, resolve(step.at)),
    ["wait", step.huge ? HUGE_WAIT : String(step.wait)],
    ...(step.limit === undefined ? [] : [["limit", step.limit] as const]),
  ];
  return { url: withRawQuery(channel.url, queryText(pairs, step.spelled)), ...version(step) };
}

export function streamRequest(step: StreamStep, channel: Channel, resolve: Resolve): RequestInit {
  const position = resolve(step.at);
  const inQuery =
    step.by === "after" || step.by === "empty" ? position : step.by === "both" ? "start" : undefined;
  const pairs: Pair[] = [
    ...pairsOf(step, inQuery),
    ...rivalPairs(step, position, resolve),
    ...(step.accept === undefined ? [["stream", "1"] as const] : []),
  ];
  const accepts = step.accept === undefined ? [] : acceptOf(step.accept, "sse");
  return {
    url: withRawQuery(channel.url, queryText(pairs, step.spelled)),
    headers: [
      ...accepts.map((value) => ["Accept", value] as const),
      ...lastIdLines(step, position),
      ...(step.coding ? [CODINGS] : []),
    ],
    ...version(step),
  };
}

/** Only a field overrules the parameter: without one, a server may take it. */
function rivalPairs(
  { by, rival }: StreamStep,
  position: string | undefined,
  resolve: Resolve,
): readonly Pair[] {
  const other = rival && resolve(rival);
  const hasField = position !== undefined && by !== "after" && by !== "empty";
  return hasField && other !== undefined ? [["lastEventId", other]] : [];
}

function lastIdLines({ by }: StreamStep, position: string | undefined): readonly HeaderLine[] {
  if (by === "empty") return [["Last-Event-ID", ""]];
  if (by === "after" || position === undefined) return [];
  const line = ["Last-Event-ID", bytesOf(position)] as const;
  return by === "twice" ? [line, line] : [line];
}

/** UTF-8 in a header field, whose characters are sent as bytes. */
function bytesOf(text: string): string {
  return Buffer.from(text).toString("latin1");
}

function version({ travel }: { readonly travel: string }): Pick<RequestInit, "version" | never> {
  return travel === "1.0" ? { version: "1.0" } : {};
}
