import type { Mutant } from "../mutants/mutant.ts";
import type { Variant } from "../variants/variant.ts";
import type { KeptKill, Results } from "./results.ts";

/** What the matrix is about, in the order in which it is shown. */
export interface Matrix {
  readonly mutants: readonly Mutant[];
  /** Servers that conform, and how they are odd. */
  readonly variants: readonly Variant[];
  readonly results: Results;
  /** Requirements with a test that no mutant kills. */
  readonly uncovered: readonly string[];
  /** Where the specification has a requirement: `core.md#core-gap-1`. */
  readonly anchors: ReadonlyMap<string, string>;
}

/** The kill matrix as Markdown. */
export function renderMatrix(matrix: Matrix): string {
  const { mutants, variants, results, uncovered } = matrix;
  const killed = mutants.filter(({ id }) => isKilled(results.mutants[id])).length;
  const right = variants.filter((variant) => conforms(variant, results)).length;
  return `# Kill matrix

What bugs does the conformance suite find, and does it blame the innocent? Both are tried: servers that are broken in one way each have to be found out, and servers that are odd and right have to pass everything.

${killed} of ${mutants.length} broken servers are found out. ${coverage(uncovered)} ${right} of ${variants.length} odd servers pass everything.

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
${variants.map((variant) => variantRow(variant, results)).join("\n")}
`;
}

/** All that was declared was found, and nothing else. */
export function isKilled(kill: Pick<KeptKill, "survived" | "blamed"> | undefined): boolean {
  return kill !== undefined && kill.survived.length === 0 && kill.blamed.length === 0;
}

function coverage(uncovered: readonly string[]): string {
  if (uncovered.length === 0) return "Every requirement that a test shows is violated by one of them.";
  return `Not violated by any of these: ${uncovered.join(", ")}.`;
}

function mutantRow(mutant: Mutant, { results, anchors }: Matrix): string {
  const { id, title, breaks, collateral = {} } = mutant;
  const link = (requirement: string): string => `[${requirement}](/spec/${page(anchors.get(requirement))})`;
  const others = Object.keys(collateral).map(link);
  const requirements = [...breaks.map(link), ...(others.length > 0 ? [`(${others.join(", ")})`] : [])];
  const kill = results.mutants[id];
  const tests = isKilled(kill) ? [...(kill?.tests ?? [])].sort().map(testLink) : ["**none**"];
  return `| ${id} | ${cell(title)} | ${requirements.join(", ")} | ${tests.join("<br>")} |`;
}

function variantRow(variant: Variant, results: Results): string {
  const { id, title } = variant;
  return `| ${id} | ${cell(title)}${conforms(variant, results) ? "" : " **(blamed)**"} |`;
}

function conforms({ id }: Variant, { variants }: Results): boolean {
  return variants[id]?.length === 0;
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
