// Runs the client suite on our client in every runtime and on popular clients of event streams, and writes the results
// to docs/reference/clients.md.
// Usage: npm run clients -w @tidemark/proof [-- --only <name or adapter>]   with --only, nothing is written
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { platformOf } from "./platform.ts";
import { ADAPTERS, installClients, installRuntime, ROOT, runProgram } from "./programs.ts";
import { type Finding, type RequirementRow, renderClients, type Shown } from "./render-clients.ts";
import { runSteadily } from "./standing.ts";
import { carrierOf, OTHERS, OURS, type Subject } from "./subjects.ts";

const PAGE = join(ROOT, "docs/reference/clients.md");
const BY_HAND = join(ADAPTERS, "by-hand");

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

/**
 * Run the scripts that show a finding without the suite; the first line of each is its title.
 * @throws if the output of a script differs from the file beside it: then the finding is out of date
 */
async function showByHand(): Promise<Shown[]> {
  const [program = "node"] = await installRuntime("Node 24");
  const names = (await readdir(BY_HAND)).filter((name) => name.endsWith(".mjs")).sort();
  const shown: Shown[] = [];
  for (const name of names) {
    const [first = "", ...code] = (await readFile(join(BY_HAND, name), "utf8")).split("\n");
    const output = await runProgram(program, [join(BY_HAND, name)], BY_HAND);
    const wanted = await readFile(join(BY_HAND, name.replace(/mjs$/, "txt")), "utf8");
    if (output !== wanted) throw new Error(`${name}: expected the output\n${wanted}but got\n${output}`);
    shown.push({ title: first.replace("// ", ""), code: code.join("\n"), output });
  }
  return shown;
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
    shown: await showByHand(),
    requirements: JSON.parse(ledger) as readonly RequirementRow[],
  });
  await mkdir(dirname(PAGE), { recursive: true });
  await writeFile(PAGE, page);
}
process.exit(isOurs ? 0 : 1);
