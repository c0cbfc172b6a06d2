import { type Json, jsonEqual, jsonText } from "../wire/json.ts";

/** A condition that holds or not, with words for both cases. The caller decides what it means. */
export interface Claim {
  readonly ok: boolean;
  readonly what: string;
  readonly expected: string;
  readonly actual: string;
  /**
   * Whether more time could make the claim hold. Such a claim decides nothing when this process lagged, and a client test
   * that fails only such claims is retried. If absent: false, or in a client test whether a wait before it was in vain.
   */
  readonly timed?: boolean;
}

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

/** It took at least this long. Load cannot make this fail: it only adds time. */
export function notBefore(what: string, actualMs: number, boundMs: number): Claim {
  return {
    ok: actualMs >= boundMs,
    what,
    expected: `not before ${Math.round(boundMs)} ms`,
    actual: `after ${Math.round(actualMs)} ms`,
  };
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
