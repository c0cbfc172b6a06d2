import type { Exchange } from "../../../../engine/wire/exchange.ts";
import { describe } from "../../read/page.ts";

/** A response that the model does not allow. */
export interface Fault {
  readonly requirement: string;
  /** The other requirement, where the response does not tell which of two is broken. */
  readonly or?: string;
  readonly what: string;
  readonly expected: string;
  readonly actual: string;
  /** More time could have made it right. */
  readonly timed?: true;
  /** A time without an event: lag of the suite in it explains so much of what is above the limit. */
  readonly silence?: { readonly from: number; readonly to: number; readonly limitMs: number };
}

/** A history that cannot be judged any further, for instance because the server refuses under load. */
export class CannotJudge extends Error {
  override readonly name = "CannotJudge";
}

/** A fault of the response as a whole. */
export function faultOf(requirement: string, what: string, expected: string, exchange: Exchange): Fault {
  return { requirement, what, expected, actual: describe(exchange) };
}

/** The first fault of several checks. */
export function firstOf(checks: readonly (() => Fault | undefined)[]): Fault | undefined {
  for (const check of checks) {
    const fault = check();
    if (fault) return fault;
  }
  return undefined;
}

/** @returns a fault unless the condition holds */
export function unless(
  ok: boolean,
  requirement: string,
  what: string,
  expected: string,
  actual: string | undefined,
): Fault | undefined {
  return ok ? undefined : { requirement, what, expected, actual: actual ?? "absent" };
}

/** Ends a play at the first answer that the model does not allow. */
export class Found extends Error {
  readonly fault: Fault;
  readonly exchange: Exchange | undefined;

  constructor(fault: Fault, exchange: Exchange | undefined) {
    super(fault.what);
    this.fault = fault;
    this.exchange = exchange;
  }
}

/** A fault because an answer did not come in time. */
export function noAnswer(requirement: string, what: string, expected: string, exchange: Exchange): Fault {
  return { ...faultOf(requirement, what, expected, exchange), timed: true };
}
