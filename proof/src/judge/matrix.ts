import type { Mutant } from "../mutants/mutant.ts";
import type { Kill } from "./kill.ts";

/** What the matrix is about, in the order in which it is shown. */
export interface Matrix {
  readonly mutants: readonly Mutant[];
  readonly kills: ReadonlyMap<string, Kill>;
  /** Requirements with a test that no mutant kills. */
  readonly uncovered: readonly string[];
}

/** The kill matrix as Markdown. */
export function renderMatrix({ mutants, kills, uncovered }: Matrix): string {
  const rows = mutants.map((mutant) => rowOf(mutant, kills.get(mutant.id)));
  const killed = mutants.filter(({ id }) => isKilled(kills.get(id))).length;
  return `# Kill matrix

What bugs does the conformance suite find? Each row is the reference server, broken in one way. The suite has to find
exactly the requirements violated that the row names, and may find those in parentheses, which cannot hold any more.
Made by \`npm run kill-matrix -w @tidemark/proof\`.

${killed} of ${mutants.length} mutants are killed.${coverage(uncovered)}

| mutant | what it does | requirements violated | tests that killed it |
|---|---|---|---|
${rows.join("\n")}
`;
}

/** All that was declared was found, and nothing else. */
export function isKilled(kill: Kill | undefined): boolean {
  return kill !== undefined && kill.survived.length === 0 && kill.blamed.length === 0;
}

function coverage(uncovered: readonly string[]): string {
  if (uncovered.length === 0) return " Every requirement that a test shows is killed by one of them.";
  return ` Not killed by any: ${uncovered.join(", ")}.`;
}

function rowOf({ id, title, breaks, collateral = {} }: Mutant, kill: Kill | undefined): string {
  const others = Object.keys(collateral);
  const requirements = [...breaks, ...(others.length > 0 ? [`(${others.join(", ")})`] : [])].join(", ");
  const tests = (kill?.tests ?? []).map((test) => test.replace(/^server\//, "")).sort();
  return `| ${id} | ${title} | ${requirements} | ${tests.join("<br>")} |`;
}
