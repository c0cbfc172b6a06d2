import { type Json, jsonEqual, jsonText } from "../wire/json.ts";

/** A condition that holds or not, with words for both cases. The caller decides what it means. */
export interface Claim {
  readonly ok: boolean;
  readonly what: string;
  readonly expected: string;
  readonly actual: string;
  /**
   * Whether more time could make the claim hold. Such a claim decides nothing when this process lagged, and a test that
   * fails only such claims is retried. If absent: whether a wait before it was in vain.
   */
  readonly timed?: boolean;
  /** Whether the lag of this process could explain the claim, or its failure. Then it decides nothing. */
  readonly isDoubtful?: (lagIn: LagIn) => boolean;
}

/** An interval between two `performance.now()` times. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** How long this process was late within an interval, in milliseconds. */
export type LagIn = (span: Span) => number;

/** Text with double quotes or backslashes; it is easier to read without escapes. */
const QUOTED = /^(?=.*["\\])[^'\p{Cc}]{1,400}$/u;

/** Format a value for a report. */
export function show(value: unknown): string {
  if (value === undefined) return "(nothing)";
  if (typeof value === "string" && QUOTED.test(value)) return `'${value}'`;
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 400 ? `${text.slice(0, 400)}… (${text.length} characters)` : text;
}

/** The two are the same by `===`. */
export function same(what: string, actual: unknown, expected: unknown): Claim {
  return { ok: actual === expected, what, expected: show(expected), actual: show(actual) };
}

/** The two are not the same. */
export function different(what: string, actual: unknown, other: unknown): Claim {
  return { ok: actual !== other, what, expected: `other than ${show(other)}`, actual: show(actual) };
}

/** The two lists hold the same strings in the same order; the claim names the first difference. */
export function sameList(what: string, actual: readonly string[], expected: readonly string[]): Claim {
  const at = expected.findIndex((item, index) => item !== actual[index]);
  const index = at === -1 && actual.length > expected.length ? expected.length : at;
  const place = index === -1 ? "" : `; first difference at number ${index + 1}`;
  return {
    ok: index === -1,
    what,
    expected: `${expected.length}: ${showAround(expected, index)}`,
    actual: `${actual.length}: ${showAround(actual, index)}${place}`,
  };
}

/** Items to show on each side of the difference when a list is too long to show whole. */
const NEIGHBOURS = 2;
const LONG_LIST = 160;

function showAround(list: readonly string[], index: number): string {
  const whole = show(list);
  if (index === -1 || JSON.stringify(list).length <= LONG_LIST) return whole;
  const from = Math.max(0, Math.min(index, list.length) - NEIGHBOURS);
  const items = list.slice(from, index + NEIGHBOURS + 1).map(show);
  const more = list.length > index + NEIGHBOURS + 1 ? ["…"] : [];
  return `[${[...(from > 0 ? ["…"] : []), ...items, ...more].join(",")}]`;
}

/** The value is one of the allowed ones. */
export function oneOf(what: string, actual: unknown, allowed: readonly unknown[]): Claim {
  return {
    ok: allowed.includes(actual),
    what,
    expected: allowed.map(show).join(" or "),
    actual: show(actual),
  };
}

/** The text matches the pattern; `expected` says it in words. */
export function matches(what: string, actual: string | undefined, pattern: RegExp, expected: string): Claim {
  return { ok: actual !== undefined && pattern.test(actual), what, expected, actual: show(actual) };
}

/** A condition, with the words for what was expected and what came. */
export function claim(ok: boolean, what: string, expected: string, actual: unknown): Claim {
  return { ok, what, expected, actual: typeof actual === "string" ? actual : show(actual) };
}

/** Equal as JSON values, numbers by their decimal text. */
export function sameJson(what: string, actual: Json | undefined, expected: Json | undefined): Claim {
  return { ok: jsonEqual(actual, expected), what, expected: jsonText(expected), actual: jsonText(actual) };
}

/** Without this process's lag, a minimum must still have been reached to this share. */
const SURE_SHARE = 3 / 4;

/** How far back lag can have delayed the moment at which an interval begins. */
const LOOK_BACK_MS = 1_000;

/**
 * The intervals are together at least this long. The claim is in doubt if it holds only thanks to the lag of this
 * process: a peer that does not wait must not pass. It is also in doubt if it fails and this process may have noticed
 * the beginnings late.
 */
export function notBefore(what: string, spans: Span | readonly Span[], boundMs: number): Claim {
  const all = "from" in spans ? [spans] : spans;
  const actualMs = sumOf(all.map(({ from, to }) => to - from));
  const ok = actualMs >= boundMs;
  const isDoubtful = (lagIn: LagIn): boolean =>
    ok
      ? actualMs - sumOf(all.map(lagIn)) < boundMs * SURE_SHARE
      : actualMs + sumOf(all.map(({ from }) => lagIn({ from: from - LOOK_BACK_MS, to: from }))) >= boundMs;
  return {
    ok,
    what,
    expected: `not before ${Math.round(boundMs)} ms`,
    actual: `after ${Math.round(actualMs)} ms`,
    isDoubtful,
  };
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

/** It came within a generous bound. The claim decides nothing when this process lagged. */
export function within(what: string, actualMs: number | undefined, boundMs: number): Claim {
  return {
    ok: actualMs !== undefined && actualMs <= boundMs,
    what,
    expected: `within ${Math.round(boundMs)} ms`,
    actual:
      actualMs === undefined ? `nothing in ${Math.round(boundMs)} ms` : `after ${Math.round(actualMs)} ms`,
    timed: true,
  };
}
