import type { StreamMutant, StreamSubject } from "../subject.ts";

/** The stored result of a server. */
export interface StreamResult {
  /** What is not as expected; empty if the suite reported exactly what it has to. */
  readonly faults: readonly string[];
  /** The sentences that it reports with nothing but the URL. */
  readonly url: readonly string[];
  /** The same with a publisher; absent if nothing can be published. */
  readonly publisher?: readonly string[];
  readonly tests: readonly string[];
  /** How many sentences were verified with nothing but the URL. */
  readonly verified: number;
}

/** The content of the page. */
export interface StreamMatrix {
  readonly mutants: readonly StreamMutant[];
  readonly oddities: readonly StreamSubject[];
  readonly results: Readonly<Record<string, StreamResult>>;
  readonly uncovered: readonly string[];
  readonly anchors: ReadonlyMap<string, string>;
}

/** The kill matrix of the suite for event streams, as Markdown. */
export function renderStreamMatrix(matrix: StreamMatrix): string {
  const { mutants, oddities, results, uncovered } = matrix;
  const killed = mutants.filter(({ id }) => isRight(results[id]));
  const byUrl = killed.filter(({ id, breaks }) => breaks.every((one) => results[id]?.url.includes(one)));
  const passed = oddities.filter(({ id }) => isRight(results[id]));
  return `# Kill matrix for event streams

Which faults does \`tidemark-conformance sse\` find, and does it report false errors? To answer both questions, it runs against plain event-stream servers that are each broken in one way, and against servers that are unusual but conform.

It finds ${killed.length} of ${mutants.length} broken servers: ${byUrl.length} with nothing but the URL, ${killed.length - byUrl.length} only with \`--publish\`. It reports nothing about ${passed.length} of ${oddities.length} unusual servers. ${coverage(uncovered)} It gives no verdict on targets that are no event stream: a login page, JSON, \`204\`, an error, a file, silence.

\`npm run stream-matrix -w @tidemark/proof\` makes this page. To see what the suite reports about a broken server, start the server with \`npm run stream -w @tidemark/proof -- <id>\`, and run the suite on the URL that it prints.

## Broken servers

Each row is a plain server, broken in one way. The suite has to report the sentences in the row. It may also report those in parentheses, which follow from the others. A ✓ says which runs report them.

| broken server | what it does | sentences | URL only | with \`--publish\` | tests that find it |
|---|---|---|---|---|---|
${mutants.map((mutant) => mutantRow(mutant, matrix)).join("\n")}

## Unusual servers

Each conforms, in a way that a careless suite could report. The last column says how many of the sentences the suite verifies with nothing but the URL.

| unusual server | what it does | verified |
|---|---|---|
${oddities.map((oddity) => oddityRow(oddity, matrix)).join("\n")}
`;
}

/** Whether the suite reported exactly what it has to. */
export function isRight(result: Pick<StreamResult, "faults"> | undefined): boolean {
  return result !== undefined && result.faults.length === 0;
}

function coverage(uncovered: readonly string[]): string {
  return uncovered.length === 0
    ? "Each sentence that can be violated is violated by at least one of the broken servers."
    : `No broken server shows these sentences: ${uncovered.join(", ")}.`;
}

function mutantRow(
  { id, title, breaks, collateral = [] }: StreamMutant,
  { results, anchors }: StreamMatrix,
): string {
  const result = results[id];
  const link = (one: string): string => `[${one}](/spec/${(anchors.get(one) ?? "").replace(".md#", "#")})`;
  const sentences = [
    ...breaks.map(link),
    ...(collateral.length > 0 ? [`(${collateral.map(link).join(", ")})`] : []),
  ];
  const mark = (found: readonly string[] | undefined): string =>
    found === undefined ? "–" : breaks.some((one) => found.includes(one)) ? "✓" : "";
  const tests = isRight(result)
    ? (result?.tests ?? []).map((one) => one.replace(/^sse\//, ""))
    : ["**not found**"];
  return `| ${id} | ${cell(title)} | ${sentences.join(", ")} | ${mark(result?.url ?? [])} | ${mark(result?.publisher)} | ${tests.join("<br>")} |`;
}

function oddityRow({ id, title }: StreamSubject, { results }: StreamMatrix): string {
  const result = results[id];
  return `| ${id} | ${cell(title)}${isRight(result) ? "" : " **(blamed)**"} | ${result?.verified ?? 0} |`;
}

/** Text that is safe in a cell of a Markdown table, where HTML counts too. */
function cell(text: string): string {
  return text.replaceAll("<", "&lt;").replaceAll("{", "&#123;").replaceAll("|", "\\|");
}
