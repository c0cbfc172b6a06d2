import { concat, latin1 } from "./bytes.ts";
import type { Exchange } from "./exchange.ts";
import type { HeaderLines } from "./headers.ts";
import { requestUrl } from "./request.ts";
import type { ExtraHeader, Redactor } from "./secrets.ts";

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

/** Most of an answer that a record keeps. */
const MAX_RECORDED_BYTES = 16 * 1024;

/** Turn an exchange into plain data; secrets become asterisks even where chunks cut them. */
export function recordExchange(exchange: Exchange, testStartedAt: number, redact: Redactor): ExchangeRecord {
  const offset = exchange.startedAt - testStartedAt;
  const { request } = exchange;
  const all = latin1(concat(exchange.received.map((chunk) => chunk.bytes)));
  const shown = redact(all.slice(0, MAX_RECORDED_BYTES));
  return {
    method: request.method,
    url: redact(requestUrl(request)),
    headers: request.headers.map(([name, value]) => [name, redact(value)] as const),
    ...(request.body ? { requestBody: redact(latin1(request.body.subarray(0, MAX_RECORDED_BYTES))) } : {}),
    startedAtMs: round(offset),
    ...(exchange.endedAtMs === undefined ? {} : { endedAtMs: round(offset + exchange.endedAtMs) }),
    ...(exchange.status === undefined ? {} : { status: exchange.status }),
    responseHeaders: exchange.headers.map(([name, value]) => [name, redact(value)] as const),
    received: splitAgain(shown, exchange, offset),
    ...(all.length > MAX_RECORDED_BYTES ? { omittedBytes: all.length - MAX_RECORDED_BYTES } : {}),
    ending: exchange.ending ?? "open",
    faults: [...exchange.faults.map(redact), ...(exchange.failure ? [exchange.failure] : [])],
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

/** Lines for people: `>` what was sent, `<` what came, with the milliseconds of each chunk. */
export function transcriptLines(record: ExchangeRecord): string[] {
  const head = [
    `${record.method} ${record.url}`,
    ...record.headers.map(([name, value]) => `${name}: ${value}`),
  ];
  const body = record.requestBody === undefined ? [] : ["", ...visibleLines(record.requestBody)];
  const received = record.received.flatMap(({ atMs, text }) =>
    visibleLines(text).map((line, index) => `${index === 0 ? `${stamp(atMs)} <` : "          <"} ${line}`),
  );
  const omitted = record.omittedBytes ? [`          … ${record.omittedBytes} more bytes`] : [];
  return [
    ...[...head, ...body].map(
      (line, index) => `${index === 0 ? `${stamp(record.startedAtMs)} >` : "          >"} ${line}`,
    ),
    ...received,
    ...omitted,
    `${stamp(record.endedAtMs ?? record.startedAtMs)} = ${record.ending}${record.faults.length > 0 ? `: ${record.faults.join("; ")}` : ""}`,
  ];
}

function stamp(ms: number): string {
  return `${ms.toFixed(0).padStart(6)} ms`;
}

/** Lines without their CRLF; other control characters are shown as escapes, UTF-8 as characters. */
function visibleLines(bytesAsText: string): string[] {
  const text = Buffer.from(bytesAsText, "latin1").toString("utf8");
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === "") lines.pop();
  return lines.map((line) => line.replace(/\p{Cc}/gu, (char) => JSON.stringify(char).slice(1, -1)));
}

/** The header lines that a user added, as `curl` has to be told them: a variable instead of its value. */
export function shownHeader(name: string, value: string, extra: readonly ExtraHeader[]): string {
  const added = extra.find((header) => header.name === name && header.value === value);
  if (!added || added.secrets.length === 0) return value;
  return added.variable === undefined
    ? "***"
    : value.replace(added.secrets[0] ?? value, `$${added.variable}`);
}
