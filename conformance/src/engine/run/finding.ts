/** One result of the doctor. */
export interface Finding {
  /** `trouble`: a run would be incomplete or misleading; `fatal`: no run is possible. */
  readonly state: "ok" | "note" | "trouble" | "fatal";
  readonly what: string;
  /** The most likely cause. */
  readonly cause?: string;
  /** How to fix it. */
  readonly advice?: string;
}

/** A check that passed. */
export function ok(what: string): Finding {
  return { state: "ok", what };
}

/** A problem that spoils a run. */
export function trouble(what: string, cause: string, advice: string): Finding {
  return { state: "trouble", what, cause, advice };
}

/** A problem that has to be fixed before any run. */
export function fatal(what: string, cause: string, advice: string): Finding {
  return { state: "fatal", what, cause, advice };
}
