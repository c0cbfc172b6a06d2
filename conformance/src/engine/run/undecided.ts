import type { ReasonCode } from "../model/outcome.ts";

/** Ends a test as inconclusive, without blame: a precondition did not hold. */
export class Undecided extends Error {
  override readonly name = "Undecided";
  readonly code: ReasonCode;

  constructor(code: ReasonCode, detail: string) {
    super(detail);
    this.code = code;
  }
}

/** Ends a test that turns out not to apply to this target. */
export class NotApplicable extends Error {
  override readonly name = "NotApplicable";
}
