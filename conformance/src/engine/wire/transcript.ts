import { concat, latin1 } from "./bytes.ts";
import { excerptBytes, SHOWN_BYTES, shorten } from "./excerpt.ts";
import type { Exchange } from "./exchange.ts";
import type { HeaderLines } from "./headers.ts";
import { requestUrl } from "./request.ts";
import type { Redactor } from "./secrets.ts";

/** A part of what came back, as text: one byte is one character below U+0100. */
export interface TranscriptChunk {
  readonly atMs: number;
  readonly text: string;
}

/** One exchange as it is reported: plain data, without secrets. */
export interface ExchangeRecord {
  readonly method: string;
  readonly url: string;
  readonly headers: HeaderLines;
  readonly requestBody?: string;
  /** Bytes left out of `requestBody`. */
  readonly requestOmittedBytes?: number;
  /** Milliseconds after the start of the test. */
  readonly startedAtMs: number;
  readonly endedAtMs?: number;
  readonly status?: number;
  readonly responseHeaders: HeaderLines;
  readonly received: readonly TranscriptChunk[];
  /** Bytes left out of `received`. */
  readonly omittedBytes?: number;
  readonly ending: string;
  readonly faults: readonly string[];
}

/** The most bytes of a body, and of an answer, that a record keeps; less if a test has many exchanges. */
const MAX_RECORDED_BYTES = 16 * 1024;
const FEW_EXCHANGES = 40;

/** Turn the exchanges of a test into plain data. */
export function recordExchanges(
  exchanges: readonly Exchange[],
  testStartedAt: number,
  redact: Redactor,
): ExchangeRecord[] {
  const most = exchanges.length > FEW_EXCHANGES ? SHOWN_BYTES : MAX_RECORDED_BYTES;
  return exchanges.map((exchange) => recordExchange(exchange, testStartedAt, redact, most));
}

/** Turn an exchange into plain data; secrets become asterisks, even if chunks split them. */
export function recordExchange(
  exchange: Exchange,
  testStartedAt: number,
  redact: Redactor,
  most: number = MAX_RECORDED_BYTES,
): ExchangeRecord {
  const offset = exchange.startedAt - testStartedAt;
  const { request } = exchange;
  const all = latin1(concat(exchange.received.map((chunk) => chunk.bytes)));
  const shown = redactBeginning(all, redact, most);
  return {
    method: request.method,
    url: redact(requestUrl(request)),
    headers: request.headers.map(([name, value]) => [name, redact(value)] as const),
    ...recordBody(request.body, redact, most),
    startedAtMs: round(offset),
    ...(exchange.endedAtMs === undefined ? {} : { endedAtMs: round(offset + exchange.endedAtMs) }),
    ...(exchange.status === undefined ? {} : { status: exchange.status }),
    responseHeaders: exchange.headers.map(([name, value]) => [name, redact(value)] as const),
    received: splitAgain(shown, exchange, offset),
    ...(all.length > most ? { omittedBytes: all.length - most } : {}),
    ending: exchange.ending ?? "open",
    faults: [...exchange.faults.map(redact), ...(exchange.failure ? [exchange.failure] : [])],
  };
}

/** The part of a text that a record keeps; a secret across the cut is hidden too. */
function redactBeginning(text: string, redact: Redactor, most: number): string {
  return redact(text.slice(0, most + LONGEST_SECRET)).slice(0, most);
}

/** The longest secret that is hidden completely across a cut. */
const LONGEST_SECRET = 16 * 1024;

function recordBody(
  body: Uint8Array | undefined,
  redact: Redactor,
  most: number,
): Pick<ExchangeRecord, "requestBody" | "requestOmittedBytes"> {
  if (!body) return {};
  const omitted = body.length - most;
  return {
    requestBody: redactBeginning(latin1(body.subarray(0, most + LONGEST_SECRET)), redact, most),
    ...(omitted > 0 ? { requestOmittedBytes: omitted } : {}),
  };
}

function splitAgain(text: string, exchange: Exchange, offset: number): TranscriptChunk[] {
  const chunks: TranscriptChunk[] = [];
  let at = 0;
  for (const { atMs, bytes } of exchange.received) {
    if (at >= text.length) break;
    chunks.push({ atMs: round(offset + atMs), text: text.slice(at, at + bytes.length) });
    at += bytes.length;
  }
  return chunks;
}

function round(ms: number): number {
  return Math.round(ms * 10) / 10;
}

/**
 * Lines for people: `>` for what was sent, `<` for what came, with the time of each chunk in milliseconds,
 * and at most `most` bytes of each body.
 */
export function transcriptLines(record: ExchangeRecord, most: number = SHOWN_BYTES): string[] {
  const head = [
    `${record.method} ${record.url}`,
    ...record.headers.map(([name, value]) => `${name}: ${value}`),
  ].map((line) => shorten(line));
  return [
    ...[...head, ...sentBody(record, most)].map(
      (line, index) => `${index === 0 ? `${stamp(record.startedAtMs)} >` : "          >"} ${line}`,
    ),
    ...receivedLines(record, most),
    `${stamp(record.endedAtMs ?? record.startedAtMs)} = ${record.ending}${record.faults.length > 0 ? `: ${record.faults.join("; ")}` : ""}`,
  ];
}

function sentBody({ requestBody, requestOmittedBytes = 0 }: ExchangeRecord, most: number): string[] {
  if (requestBody === undefined) return [];
  const { text, omitted } = excerptBytes(requestBody, most);
  return ["", ...visibleLines(text), ...more(omitted + requestOmittedBytes)];
}

function receivedLines({ received, omittedBytes = 0 }: ExchangeRecord, most: number): string[] {
  const all = received.map(({ text }) => text).join("");
  const bodyAt = all.indexOf("\r\n\r\n") + 4;
  const shown = excerptBytes(all, most + (bodyAt < 4 ? 0 : bodyAt));
  let left = shown.text.length;
  const lines: string[] = [];
  for (const { atMs, text } of received) {
    if (left <= 0) break;
    for (const [index, line] of visibleLines(text.slice(0, left)).entries())
      lines.push(`${index === 0 ? `${stamp(atMs)} <` : "          <"} ${line}`);
    left -= text.length;
  }
  return [...lines, ...more(shown.omitted + omittedBytes).map((line) => `          < ${line}`)];
}

function more(bytes: number): string[] {
  return bytes > 0 ? [`… ${bytes} more bytes`] : [];
}

function stamp(ms: number): string {
  return `${ms.toFixed(0).padStart(6)} ms`;
}

/** Split into lines without CRLF; show other control characters as escapes, and UTF-8 as characters. */
function visibleLines(bytesAsText: string): string[] {
  const text = Buffer.from(bytesAsText, "latin1").toString("utf8");
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === "") lines.pop();
  return lines.map((line) => line.replace(/\p{Cc}/gu, (char) => JSON.stringify(char).slice(1, -1)));
}
