// Runs the suite for event stream clients against each broken client, compares its report with what the client
// declares, and writes docs/reference/stream-client-mutants.md.
// Usage: npm run stream-client-mutants -w @tidemark/proof [-- <id>…]   with ids, only those; the other rows stay
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { foundIn, judge } from "./kill.ts";
import { STREAM_CLIENT_MUTANTS, type StreamClientMutant } from "./mutants.ts";

const PAGE = fileURLToPath(new URL("../../../docs/reference/stream-client-mutants.md", import.meta.url));

/** All clients share this process with the suite; more of them would make the suite late. */
const AT_ONCE = 4;

const asked = process.argv.slice(2);
const chosen = STREAM_CLIENT_MUTANTS.filter(({ id }) => asked.length === 0 || asked.includes(id));
const before = asked.length === 0 ? "" : await readFile(PAGE, "utf8");
/** The row of each client on the page, from its last run. */
const rows = new Map<string | undefined, string>(
  before.split("\n").map((line) => [/^\| ([a-z0-9-]+) /.exec(line)?.[1], line]),
);
let wrong = 0;
const killing = new Set<string>();
const all = new Set<string>();
const left = [...chosen];

/** Judge one client. */
async function examine({ id, breaks, tests }: StreamClientMutant): Promise<void> {
  const report = await judge(id, breaks.includes("EC-RETRY-5"));
  const seen = foundIn(report);
  for (const test of report.tests) all.add(test.id);
  for (const test of seen.tests) killing.add(test);
  const missed = tests.filter((test) => !seen.tests.includes(test));
  const isRight = `${seen.found}` === `${[...breaks].sort()}` && missed.length === 0;
  if (isRight) {
    const shown = seen.tests.map((test) => test.replace("sse-client/", ""));
    const few = shown.length > 5 ? [...shown.slice(0, 4), `and ${shown.length - 4} more`] : shown;
    rows.set(id, `| ${id} | ${breaks.join(", ")} | ${few.join("<br>")} |`);
  }
  console.log(
    `${isRight ? "killed" : "WRONG "} ${id}: ${seen.found.join(" ")}${missed.length > 0 ? ` not by ${missed}` : ""}`,
  );
  if (isRight) return;
  wrong += 1;
  rows.delete(id);
  console.log(`    by ${seen.tests.join(" ")}`);
}

const work = async (): Promise<void> => {
  for (let mutant = left.shift(); mutant; mutant = left.shift()) await examine(mutant);
};
await Promise.all(Array.from({ length: AT_ONCE }, work));
console.log(`${chosen.length - wrong} of ${chosen.length} killed as declared`);
await writeFile(PAGE, page());
process.exit(wrong === 0 ? 0 : 1);

/** Only a complete run shows which tests kill nothing, so a partial run keeps the line of the last complete one. */
function idleLine(): string {
  if (asked.length > 0) return /(?:Each test kills|These tests kill) .*$/m.exec(before)?.[0] ?? "";
  const idle = [...all].filter((test) => !killing.has(test));
  if (idle.length === 0) return "Each test kills at least one.";
  return `These tests kill none: ${idle.map((test) => `\`${test}\``).join(", ")}.`;
}

function page(): string {
  const lines = STREAM_CLIENT_MUTANTS.flatMap(({ id }) => rows.get(id) ?? []);
  return `# Broken clients of event streams

Which bugs does \`client --suite event-stream\` find? Each row is a simple, correct client that is broken in one way. The
suite has to report exactly the sentences that the row names. Made on ${new Date().toISOString().slice(0, 10)} by
\`npm run stream-client-mutants -w @tidemark/proof\`.

${lines.length} of ${STREAM_CLIENT_MUTANTS.length} are killed as declared. ${idleLine()}

| client | sentences violated | tests that killed it |
|---|---|---|
${lines.join("\n")}
`;
}
