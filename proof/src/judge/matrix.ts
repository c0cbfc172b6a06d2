import type { Mutant } from "../mutants/mutant.ts";
import type { Variant } from "../variants/variant.ts";
import type { Kill } from "./kill.ts";

/** What the matrix is about, in the order in which it is shown. */
export interface Matrix {
  readonly mutants: readonly Mutant[];
  readonly kills: ReadonlyMap<string, Kill>;
  /** Requirements with a test that no mutant kills. */
  readonly uncovered: readonly string[];
  /** Servers that conform, and how they are odd. */
  readonly variants: readonly Variant[];
  /** Those of them that the suite found fault with. */
  readonly accused: readonly string[];
  /** Where the specification has a requirement: `core.md#core-gap-1`. */
  readonly anchors: ReadonlyMap<string, string>;
}

/** The kill matrix as Markdown. */
export function renderMatrix(matrix: Matrix): string {
  const { mutants, kills, uncovered, variants, accused } = matrix;
  const killed = mutants.filter(({ id }) => isKilled(kills.get(id))).length;
  return `# Kill matrix

What bugs does the conformance suite find, and does it blame the innocent? Both are tried: servers that are broken in one way each have to be found out, and servers that are odd and right have to pass everything.

${killed} of ${mutants.length} broken servers are found out. ${coverage(uncovered)} ${variants.length - accused.length} of ${variants.length} odd servers pass everything.

This page is made by \`npm run kill-matrix -w @tidemark/proof\`. To see what the suite says of a broken server, start it with \`npm run mutant -w @tidemark/proof -- <id>\`, and run the suite against it.

## Broken servers

Each row is the reference server, broken in one way. The suite has to find exactly the requirements violated that the row names, and may find those in parentheses, which cannot hold any more.

| broken server | what it does | requirements violated | tests that find it |
|---|---|---|---|
${mutants.map((mutant) => mutantRow(mutant, matrix)).join("\n")}

## Odd servers

Each conforms, in a way that a hasty suite could take for a fault.

| odd server | what it does |
|---|---|
${variants.map((variant) => variantRow(variant, accused)).join("\n")}
`;
}

/** All that was declared was found, and nothing else. */
export function isKilled(kill: Kill | undefined): boolean {
  return kill !== undefined && kill.survived.length === 0 && kill.blamed.length === 0;
}

function coverage(uncovered: readonly string[]): string {
  if (uncovered.length === 0) return "Every requirement that a test shows is violated by one of them.";
  return `Not violated by any of these: ${uncovered.join(", ")}.`;
}

/** What a row of a mutant begins with; the rest is what a run found. */
export function mutantCells({ id, title }: Pick<Mutant, "id" | "title">): string {
  return `| ${id} | ${cell(title)} |`;
}

function mutantRow(mutant: Mutant, { kills, anchors }: Matrix): string {
  const { id, breaks, collateral = {} } = mutant;
  const link = (requirement: string): string => `[${requirement}](/spec/${page(anchors.get(requirement))})`;
  const others = Object.keys(collateral).map(link);
  const requirements = [...breaks.map(link), ...(others.length > 0 ? [`(${others.join(", ")})`] : [])];
  const kill = kills.get(id);
  const tests = isKilled(kill) ? [...(kill?.tests ?? [])].sort().map(testLink) : ["**none**"];
  return `${mutantCells(mutant)} ${requirements.join(", ")} | ${tests.join("<br>")} |`;
}

function variantRow({ id, title }: Variant, accused: readonly string[]): string {
  return `| ${id} | ${cell(title)}${accused.includes(id) ? " **(blamed)**" : ""} |`;
}

function testLink(id: string): string {
  return `[${id.replace(/^server\//, "")}](/suite/tests#${id.replaceAll("/", "-")})`;
}

/** Where the site has what the specification has at an anchor. */
function page(anchor = ""): string {
  return anchor.replace(".md#", "#");
}

/** Text for a cell of a table, which is HTML too. */
function cell(text: string): string {
  return text.replaceAll("<", "&lt;").replaceAll("{", "&#123;").replaceAll("|", "\\|");
}
