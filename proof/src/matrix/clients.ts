// Runs the client suite on our client in every runtime and on popular clients of event streams, and writes the results
// to docs/reference/clients.md.
// Usage: npm run clients -w @tidemark/proof [-- --only <name or adapter>]   with --only, nothing is written
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { showByHand } from "./by-hand.ts";
import { platformOf } from "./platform.ts";
import { ADAPTERS, installClients, ROOT } from "./programs.ts";
import { type Finding, type RequirementRow, renderClients } from "./render-clients.ts";
import { runSteadily } from "./standing.ts";
import { carrierOf, OTHERS, OURS, type Subject } from "./subjects.ts";

const PAGE = join(ROOT, "docs/reference/clients.md");

const { values } = parseArgs({ options: { only: { type: "string" } } });

async function look(subjects: readonly Subject[], args: readonly string[]): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const subject of subjects) {
    if (values.only !== undefined && ![subject.name, subject.adapter].includes(values.only)) continue;
    const report = await runSteadily(await carrierOf(subject), args);
    console.log(`${subject.name} on ${subject.on}: ${report.verdict.line}`);
    if (subjects === OURS) tellFaults(report.tests);
    findings.push({ subject, platform: await platformOf(subject.on), report });
  }
  return findings;
}

function tellFaults(tests: Finding["report"]["tests"]): void {
  for (const { id, outcome, requirements } of tests)
    if (["fail", "warn", "error"].includes(outcome)) console.log(id, outcome, JSON.stringify(requirements));
}

await installClients();
const ours = await look(OURS, []);
const others = await look(OTHERS, ["--run", "client/sse/*"]);
const isOurs = ours.every(({ report }) => report.verdict.exitCode === 0);
if (values.only === undefined) {
  const ledger = await readFile(join(ROOT, "spec/requirements.json"), "utf8");
  const page = renderClients({
    date: new Date().toISOString().slice(0, 10),
    machine: `${cpus().length} cores of ${cpus()[0]?.model ?? "a processor"}, ${process.platform}`,
    ours,
    others,
    shown: await showByHand(join(ADAPTERS, "by-hand")),
    requirements: JSON.parse(ledger) as readonly RequirementRow[],
  });
  await mkdir(dirname(PAGE), { recursive: true });
  await writeFile(PAGE, page);
}
process.exit(isOurs ? 0 : 1);
