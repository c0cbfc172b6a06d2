// Runs the suite against each broken client, compares its report with what the client declares, and writes the
// result to docs/reference/client-mutants.md.
// Usage: npm run client-mutants -w @tidemark/proof [-- <id>…]   with ids, only those; the other rows stay
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { type ClientKill, killClient } from "./kill-client.ts";
import type { ClientMutant } from "./mutant.ts";
import { CLIENT_MUTANTS } from "./mutants.ts";

const PAGE = fileURLToPath(new URL("../../../docs/reference/client-mutants.md", import.meta.url));

/** All clients share this process with the suite; more of them would make the suite late. */
const AT_ONCE = 2;

const asked = process.argv.slice(2);
const chosen = CLIENT_MUTANTS.filter(({ id }) => asked.length === 0 || asked.includes(id));
const before = await readFile(PAGE, "utf8");
/** The row of each mutant on the page, from its last run. */
const rows = new Map(
  asked.length === 0 ? [] : before.split("\n").map((line) => [/^\| ([a-z0-9-]+) /.exec(line)?.[1], line]),
);
const wrong: string[] = [];
const [passed, killing] = [new Set<string>(), new Set<string>()];
let done = 0;
const left = [...chosen];
const work = async (): Promise<void> => {
  for (let mutant = left.shift(); mutant; mutant = left.shift()) {
    const kill = await killClient(mutant);
    const faults = faultsOf(mutant, kill);
    if (faults === "") rows.set(mutant.id, rowOf(mutant, kill));
    else wrong.push(mutant.id);
    for (const test of kill.passed) passed.add(test);
    for (const test of kill.tests) killing.add(test);
    done += 1;
    const place = `${String(done).padStart(2)}/${chosen.length}`;
    const seconds = (kill.wallMs / 1000).toFixed(1);
    const verdict = faults === "" ? "killed" : "WRONG";
    console.log(`${place} ${verdict} ${mutant.id} (${seconds} s): ${kill.found.join(" ")}${faults}`);
  }
};
await Promise.all(Array.from({ length: AT_ONCE }, work));
console.log(`${chosen.length - wrong.length} of ${chosen.length} killed as declared`);
for (const id of wrong) rows.delete(id);
const killed = CLIENT_MUTANTS.flatMap(({ id }) => rows.get(id) ?? []);
await writeFile(PAGE, page());
process.exit(wrong.length === 0 ? 0 : 1);

/** How the result differs from what the mutant declares, as text; empty if it does not. */
function faultsOf({ breaks }: ClientMutant, { found, tests, errors }: ClientKill): string {
  const survived = breaks.filter((id) => !found.includes(id));
  const blamed = found.filter((id) => !breaks.includes(id));
  if (survived.length + blamed.length + errors.length === 0 && found.length > 0) return "";
  return `\n    not found: ${survived} | found but not declared: ${blamed}\n    ${[...tests, ...errors].join("\n    ")}`;
}

function rowOf({ id, title, breaks }: ClientMutant, { tests }: ClientKill): string {
  const shown = tests.map((test) => test.replace(/^client\//, "")).sort();
  const few = shown.length > 6 ? [...shown.slice(0, 5), `and ${shown.length - 5} more`] : shown;
  return `| ${id} | ${title} | ${breaks.join(", ")} | ${few.join("<br>")} |`;
}

/** Only a complete run shows which tests kill nothing, so a partial run keeps the line of the last complete one. */
function idleLine(): string {
  if (asked.length > 0) return /^(?:Each of the )?\d+ tests killed .*$/m.exec(before)?.[0] ?? "";
  const idle = [...passed].filter((test) => !killing.has(test)).sort();
  if (idle.length === 0) return `Each of the ${killing.size} tests killed at least one.`;
  return `${killing.size} tests killed at least one; these killed none: ${idle.map((id) => `\`${id}\``).join(", ")}.`;
}

function page(): string {
  return `# Broken clients

Which bugs does the suite find in clients? Each row is the client of this repository, broken in one way. The suite has to
report exactly the violations that the row names. Made on ${new Date().toISOString().slice(0, 10)} by
\`npm run client-mutants -w @tidemark/proof\`.

${killed.length} of ${CLIENT_MUTANTS.length} are killed as declared. Each observable requirement of clients is violated by at least one of them.
${idleLine()}

| mutant | what it does | requirements violated | tests that killed it |
|---|---|---|---|
${killed.join("\n")}
`;
}
