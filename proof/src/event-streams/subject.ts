import type { Behavior, Kind } from "./behavior.ts";

/** A plain server, changed in one way. */
export interface StreamSubject {
  /** Immutable name, kebab-case. */
  readonly id: string;
  /** What it does: "sends the event of the id again". */
  readonly title: string;
  readonly kind: Kind;
  readonly changes: Partial<Behavior>;
  /** How the suite is run on it, beside its URL and a seed. */
  readonly suite?: SuiteSettings;
}

/** What a user would tell the suite about a server. */
export interface SuiteSettings {
  /** Every test, also those that put load on the server. */
  readonly thorough?: boolean;
  /** Whether the suite must not publish, because the server treats payloads in its own way. */
  readonly mayNotPublish?: boolean;
  /** Whether the suite may restart the server. */
  readonly restarts?: boolean;
  /** The method that opens the stream. @defaultValue GET, and POST for a run or a model */
  readonly method?: string;
  /** The name of the vocabulary, if the suite cannot guess it. */
  readonly vocabulary?: string;
  /** How long the stream is watched, in milliseconds; `default`: as a user would. */
  readonly observeMs?: number | "default";
  readonly promises?: Readonly<Record<string, string>>;
}

/** A server that is broken in one way, and what the suite has to report about it. */
export interface StreamMutant extends StreamSubject {
  /** Requirements that it violates. The suite has to report each. */
  readonly breaks: readonly string[];
  /** Requirements that fail as a consequence. The suite must report no other requirement. */
  readonly collateral?: readonly string[];
}
