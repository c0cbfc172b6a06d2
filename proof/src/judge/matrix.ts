import type { Mutant } from "../mutants/mutant.ts";
import type { Variant } from "../variants/variant.ts";

/** The stored part of a mutant's result. */
export interface KeptKill {
  readonly survived: readonly string[];
  readonly blamed: readonly string[];
  readonly tests: readonly string[];
}

/** The last result of each server, by its id. A run of some servers keeps the results of the others. */
export interface Results {
  readonly mutants: Readonly<Record<string, KeptKill>>;
  /** What the suite reported about each variant; empty if it passed. */
  readonly variants: Readonly<Record<string, readonly string[]>>;
}

/** The content of the page, in the order in which it is shown. */
export interface Matrix {
  readonly mutants: readonly Mutant[];
  /** Servers that conform in an unusual way. */
  readonly variants: readonly Variant[];
  readonly results: Results;
  /** Requirements that have a test but no killed mutant. */
  readonly uncovered: readonly string[];
  /** The place of each requirement in the specification: `core.md#core-gap-1`. */
  readonly anchors: ReadonlyMap<string, string>;
}

/** The kill matrix as Markdown. */
export function renderMatrix(matrix: Matrix): string {
  const { mutants, variants, results, uncovered } = matrix;
  const killed = mutants.filter(({ id }) => isKilled(results.mutants[id])).length;
  const right = variants.filter((variant) => conforms(variant, results)).length;
  return `# Kill matrix

Which bugs does the conformance suite find, and does it report false errors? To answer both questions, it runs against servers that are each broken in one way, and against servers that are unusual but conform. It has to catch every broken server and to pass every unusual one.

It catches ${killed} of ${mutants.length} broken servers. ${coverage(uncovered)} It passes ${right} of ${variants.length} unusual servers.

\`npm run kill-matrix -w @tidemark/proof\` makes this page. To see what the suite reports about a broken server, start the server with \`npm run mutant -w @tidemark/proof -- <id>\`, and run the suite against it.

## Broken servers

Each row is the reference server, broken in one way. The suite has to report exactly the violations that the row names. It may also report those in parentheses, which follow from the others.

| broken server | what it does | requirements violated | tests that find it |
|---|---|---|---|
${mutants.map((mutant) => mutantRow(mutant, matrix)).join("\n")}

## Unusual servers

Each conforms, in a way that a careless suite could report as a violation.

| unusual server | what it does |
|---|---|
${variants.map((variant) => variantRow(variant, results)).join("\n")}
`;
}

/** Whether the suite found everything that the mutant declares, and nothing else. */
export function isKilled(kill: Pick<KeptKill, "survived" | "blamed"> | undefined): boolean {
  return kill !== undefined && kill.survived.length === 0 && kill.blamed.length === 0;
}

function coverage(uncovered: readonly string[]): string {
  if (uncovered.length === 0) return "Each requirement that has a test is violated by at least one of them.";
  return `Requirements with a test that none of them violates: ${uncovered.join(", ")}.`;
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

/** The page and anchor on the site, from those in the specification. */
function page(anchor = ""): string {
  return anchor.replace(".md#", "#");
}

/** Text that is safe in a cell of a Markdown table, where HTML counts too. */
function cell(text: string): string {
  return text.replaceAll("<", "&lt;").replaceAll("{", "&#123;").replaceAll("|", "\\|");
}
