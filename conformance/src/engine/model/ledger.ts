import { readFileSync } from "node:fs";

/** How much a requirement binds. */
export type Level = "MUST" | "SHOULD" | "MAY";

/** One requirement of the specification, as in its ledger. */
export interface Requirement {
  readonly id: string;
  readonly level: Level;
  /** The keyword in the text; `MUST NOT` has the level `MUST`. */
  readonly keyword: string;
  /** Whom the requirement binds: `server`, `client`, … */
  readonly subject: string;
  /** The chapter: a target has to implement each chapter that it claims as a whole. */
  readonly class: string;
  readonly text: string;
  /** File and fragment: `sse.md#sse-resume-2`. */
  readonly anchor: string;
  readonly observable: boolean;
  /** Why it cannot be observed, if it cannot. */
  readonly reason: string | undefined;
}

/** The requirements of a document by id, in the order of its text. */
export type Ledger = ReadonlyMap<string, Requirement>;

interface LedgerRow {
  readonly id: string;
  readonly level: string;
  readonly subject: string;
  readonly class: string;
  readonly text: string;
  readonly anchor: string;
  readonly observable: boolean;
  readonly reason?: string;
}

/** Sources read the specification itself, so that an unbuilt checkout works; the package has a copy. */
const LEDGERS = import.meta.url.endsWith(".ts") ? "../../../../spec/" : "../../../data/";

/** Read a ledger that the specification's collector wrote: `requirements.json`, `profiles/event-stream.json`. */
export function loadLedger(name: string): Ledger {
  const file = new URL(`${LEDGERS}${name}`, import.meta.url);
  const rows = JSON.parse(readFileSync(file, "utf8")) as readonly LedgerRow[];
  return new Map(rows.map((row) => [row.id, toRequirement(row)]));
}

function toRequirement(row: LedgerRow): Requirement {
  const level = LEVELS[row.level];
  if (level === undefined) throw new TypeError(`ledger: ${row.id} has the unknown level ${row.level}`);
  return { ...row, level, keyword: row.level, reason: row.reason };
}

const LEVELS: Readonly<Record<string, Level>> = {
  MUST: "MUST",
  "MUST NOT": "MUST",
  SHOULD: "SHOULD",
  "SHOULD NOT": "SHOULD",
  MAY: "MAY",
};
