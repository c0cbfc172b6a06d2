// The kill matrix of broken clients: what the suite finds, against what each declares; written to
// docs/reference/client-mutants.md.
// Usage: npm run client-mutants -w @tidemark/proof [-- <id>…]   with ids, only those, and nothing is written
import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { type ClientKill, killClient } from "./kill-client.ts";
import type { ClientMutant } from "./mutant.ts";
import { CLIENT_MUTANTS } from "./mutants.ts";

const PAGE = fileURLToPath(new URL("../../../docs/reference/client-mutants.md", import.meta.url));

const asked = process.argv.slice(2);
const chosen = CLIENT_MUTANTS.filter(({ id }) => asked.length === 0 || asked.includes(id));
const rows: string[] = [];
const [passed, killing] = [new Set<string>(), new Set<string>()];
// One after the other: all of them share this process with the suite.
for (const [index, mutant] of chosen.entries()) {
  const kill = await killClient(mutant);
  const faults = faultsOf(mutant, kill);
  if (faults === "") rows.push(rowOf(mutant, kill));
  for (const test of kill.passed) passed.add(test);
  for (const test of kill.tests) killing.add(test);
  const place = `${String(index + 1).padStart(2)}/${chosen.length}`;
  const seconds = (kill.wallMs / 1000).toFixed(1);
  const verdict = faults === "" ? "killed" : "WRONG";
  console.log(`${place} ${verdict} ${mutant.id} (${seconds} s): ${kill.found.join(" ")}${faults}`);
}
console.log(`${rows.length} of ${chosen.length} killed as declared`);
// Of few mutants it says nothing that a test did not find any of them.
const idle = [...passed].filter((test) => !killing.has(test)).sort();
if (asked.length === 0) {
  console.log(`tests that killed none: ${idle.join(", ") || "none"}`);
  await mkdir(dirname(PAGE), { recursive: true });
  await writeFile(PAGE, page());
}
process.exit(rows.length === chosen.length ? 0 : 1);

/** What is not as declared, in words; empty if it is. */
function faultsOf({ breaks }: ClientMutant, { found, tests, errors }: ClientKill): string {
  const survived = breaks.filter((id) => !found.includes(id));
  const blamed = found.filter((id) => !breaks.includes(id));
  if (survived.length + blamed.length + errors.length === 0 && found.length > 0) return "";
  return `\n    not found: ${survived} | blamed: ${blamed}\n    ${[...tests, ...errors].join("\n    ")}`;
}

function rowOf({ id, title, breaks }: ClientMutant, { tests }: ClientKill): string {
  const shown = tests.map((test) => test.replace(/^client\//, "")).sort();
  const few = shown.length > 6 ? [...shown.slice(0, 5), `and ${shown.length - 5} more`] : shown;
  return `| ${id} | ${title} | ${breaks.join(", ")} | ${few.join("<br>")} |`;
}

function idleLine(): string {
  if (idle.length === 0) return `Each of the ${killing.size} tests killed at least one.`;
  return `${killing.size} tests killed at least one; these killed none: ${idle.map((id) => `\`${id}\``).join(", ")}.`;
}

function page(): string {
  return `# Broken clients

What bugs does the suite find in clients? Each row is the client of this repository, broken in one way. The suite has to
find exactly the requirements violated that the row names. Made on ${new Date().toISOString().slice(0, 10)} by
\`npm run client-mutants -w @tidemark/proof\`.

${rows.length} of ${chosen.length} are killed as declared. Every observable requirement of clients is broken by one of them.
${idleLine()}

| mutant | what it does | requirements violated | tests that killed it |
|---|---|---|---|
${rows.join("\n")}
`;
}
