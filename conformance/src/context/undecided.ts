import type { ReasonCode } from "../model/outcome.ts";

/** Ends a test without blame: what it needed before it could look was not there. */
export class Undecided extends Error {
  override readonly name = "Undecided";
  readonly code: ReasonCode;

  constructor(code: ReasonCode, detail: string) {
    super(detail);
    this.code = code;
  }
}

/** Ends a test that does not apply to this target after all. */
export class NotApplicable extends Error {
  override readonly name = "NotApplicable";
}
