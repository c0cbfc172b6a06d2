import type { Summary } from "./summary.ts";

/** The verdict in one word. */
export type VerdictKind =
  | "conformant"
  | "no-violations"
  | "known-violations"
  | "not-conformant"
  | "no-verdict";

/** The verdict of a run: the word, the line for people, and the process's exit code. */
export interface Verdict {
  readonly kind: VerdictKind;
  readonly line: string;
  readonly exitCode: number;
}

/** What is known about the target, without secrets. */
export interface TargetReport {
  readonly url: string;
  readonly template?: string;
  /** What it offers to readers: `poll`, `sse`, … */
  readonly mechanisms: readonly string[];
  readonly publish: boolean;
  /** The most that the suite may do to it. */
  readonly allowed?: string;
  readonly driver?: string;
  /** What it claims, as received. */
  readonly claimed?: string;
  /** Further facts that the suite found out, by name. */
  readonly facts?: Readonly<Record<string, string>>;
  /** The name of the implementation under test, as the user gives it. */
  readonly identity?: { readonly name: string; readonly version?: string };
}

/** A kind of request: a column of the table of requirements. */
export interface KindWords {
  /** As `kindOf` of the suite's context names it. */
  readonly kind: string;
  readonly title: string;
  /** For narrow screens. */
  readonly short: string;
}

/** The words of a suite in reports. They change texts only: outcomes and exit codes are the engine's. */
export interface Words {
  /** What the document is called: `Tidemark`. */
  readonly title: string;
  /** The chapters of the document, in its order: the values of `class` in its ledger. */
  readonly chapters: readonly string[];
  /** The kinds of requests, in the order of their columns; the last one is for checks of no other kind. */
  readonly kinds: readonly KindWords[];
  /** Completes "3 …" for requirements that were not verified, by reason: `need a way to publish`. */
  readonly reasons: Readonly<Record<string, string>>;
  /** Completes "this takes …" for the same reasons: `--control <url>`. */
  readonly remedies?: Readonly<Record<string, string>>;
  /** What is wrong if a requirement is not met, by its id: the heading of an issue. */
  readonly findings?: Readonly<Record<string, string>>;
  /** Findings are printed in a few lines, the gravest one last, above the verdict. @defaultValue false */
  readonly brief?: boolean;
  /** How long a run takes: `20 to 45 s`. */
  readonly lasts?: string;
  /** The verdict's line, if it is not the engine's: `EVENT STREAM: 31/34 verified`. */
  verdict?(facts: VerdictFacts): string | undefined;
}

/** What the line of a verdict can be made of. */
export interface VerdictFacts extends Verdict {
  readonly target: TargetReport;
  /** Absent when the target could not be tested. */
  readonly summary?: Summary;
}
