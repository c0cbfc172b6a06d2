/** A failure that is known: it does not count as a violation until its day has come, or the test passes. */
export interface KnownFailure {
  /** The test's id. */
  readonly test: string;
  /** Why it fails. */
  readonly reason: string;
  /** Where it is worked on. */
  readonly issue?: string;
  /** The last day on which it may fail, as `2026-12-31`. */
  readonly until?: string;
}
