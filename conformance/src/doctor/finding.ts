/** One thing that was looked at, and what it means. */
export interface Finding {
  /** `trouble` stands in the way of a run, or falsifies it; `fatal`: no run can be made at all. */
  readonly state: "ok" | "note" | "trouble" | "fatal";
  readonly what: string;
  /** What is most likely behind it. */
  readonly cause?: string;
  /** What to do about it. */
  readonly advice?: string;
}

/** It is as it should be. */
export function ok(what: string): Finding {
  return { state: "ok", what };
}

/** It is not as it should be. */
export function trouble(what: string, cause: string, advice: string): Finding {
  return { state: "trouble", what, cause, advice };
}

/** Nothing can be run before this is mended. */
export function fatal(what: string, cause: string, advice: string): Finding {
  return { state: "fatal", what, cause, advice };
}
