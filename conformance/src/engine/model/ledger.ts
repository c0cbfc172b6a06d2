import { readFileSync } from "node:fs";

/** How much a requirement binds. */
export type Level = "MUST" | "SHOULD" | "MAY";

/** A conformance class: a chapter that a server implements as a whole. */
export type RequirementClass = "core" | "polling" | "long-polling" | "sse" | "publishing";

/** One requirement of the specification, as in its ledger. */
export interface Requirement {
  readonly id: string;
  readonly level: Level;
  /** The keyword in the text; `MUST NOT` has the level `MUST`. */
  readonly keyword: string;
  readonly subject: "server" | "client";
  readonly class: RequirementClass;
  readonly text: string;
  /** File and fragment: `sse.md#sse-resume-2`. */
  readonly anchor: string;
  readonly observable: boolean;
  /** Why it cannot be observed, if it cannot. */
  readonly reason: string | undefined;
}

/** The version of the specification that the ledger belongs to. */
export const SPEC_VERSION = "1.0";

interface LedgerRow {
  readonly id: string;
  readonly level: string;
  readonly subject: "server" | "client";
  readonly class: RequirementClass;
  readonly text: string;
  readonly anchor: string;
  readonly observable: boolean;
  readonly reason?: string;
}

/** Sources read the specification itself, so that an unbuilt checkout works; the package has a copy. */
const LEDGERS = import.meta.url.endsWith(".ts") ? "../../../../spec/" : "../../../data/";

/** The requirements of the specification by id. */
export function loadLedger(): ReadonlyMap<string, Requirement> {
  const file = new URL(`${LEDGERS}requirements.json`, import.meta.url);
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
