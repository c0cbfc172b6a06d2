// Runs the suite for event stream clients on popular clients, and writes docs/reference/stream-clients.md.
// Usage: npm run stream-clients -w @tidemark/proof [-- --only <adapter>]   with --only, nothing is written
import { readFile, writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { showByHand } from "../matrix/by-hand.ts";
import { platformOf } from "../matrix/platform.ts";
import { ADAPTERS, installClients, installRuntime, ROOT } from "../matrix/programs.ts";
import {
  type Finding,
  matrix,
  type RequirementRow,
  type Shown,
  shownBlock,
  usedTable,
} from "../matrix/render-clients.ts";
import { runSteadily } from "../matrix/standing.ts";
import { carrierOf, type Subject } from "../matrix/subjects.ts";

const PAGE = join(ROOT, "docs/reference/stream-clients.md");

const ON = "Node 24";

/** Ours, and the clients of docs/reference/clients.md. */
const SUBJECTS: readonly Subject[] = [
  { name: "@tidemark/client-sse", on: ON, adapter: "tidemark-stdio", used: "`readEventStream`" },
  { name: "Chromium’s EventSource", on: "Chromium", adapter: "page" },
  { name: "undici’s EventSource", on: ON, adapter: "undici" },
  { name: "eventsource", on: ON, adapter: "eventsource" },
  { name: "eventsource-client", on: ON, adapter: "eventsource-client" },
  {
    ...{ name: "@microsoft/fetch-event-source", on: ON, adapter: "fetch-event-source" },
    used: "with the callbacks of its README: it retries after 429 and 5xx, and ends on other refusals",
  },
  {
    ...{ name: "launchdarkly-eventsource", on: ON, adapter: "launchdarkly-eventsource" },
    used: "with the backoff, jitter and filter of errors of its README; it retries after 429 and 5xx",
  },
  {
    name: "reconnecting-eventsource",
    on: ON,
    adapter: "reconnecting-eventsource",
    used: "around `eventsource`",
  },
].map((subject) => ({ ...subject, adapter: `event-streams/${subject.adapter}` }) as Subject);

const ledgerText = await readFile(join(ROOT, "spec/profiles/event-stream-client.json"), "utf8");

const { values } = parseArgs({ options: { only: { type: "string" } } });

await installClients();
await installRuntime(ON);
const findings: Finding[] = [];
for (const subject of SUBJECTS) {
  if (values.only !== undefined && !subject.adapter.endsWith(`/${values.only}`)) continue;
  const report = await runSteadily(await carrierOf(subject), [], ["--suite", "event-stream"]);
  console.log(`${subject.name}: ${report.verdict.line}`);
  for (const { id, outcome, requirements, detail } of report.tests)
    if (outcome !== "pass" && outcome !== "n/a")
      console.log(
        `  ${id} ${outcome} ${detail ?? ""} ${JSON.stringify(requirements.flatMap(({ evidence = [] }) => evidence.map(({ what, actual }) => `${what}: ${actual}`).slice(0, 1)))}`,
      );
  findings.push({ subject, platform: await platformOf(subject.on), report });
}
if (values.only === undefined)
  await writeFile(PAGE, page(await showByHand(join(ADAPTERS, "event-streams/by-hand"))));
process.exit(findings[0]?.report.verdict.exitCode === 0 ? 0 : 1);

function page(shown: readonly Shown[]): string {
  const ledger = JSON.parse(ledgerText) as readonly RequirementRow[];
  const machine = `${cpus().length} cores of ${cpus()[0]?.model ?? "a processor"}, ${process.platform}`;
  return `# Clients of event streams

Made on ${new Date().toISOString().slice(0, 10)} by \`npm run stream-clients -w @tidemark/proof\`, on ${machine}, with the suite
\`client --suite event-stream\`. Its [sentences](/spec/profiles/event-stream-client) are WHATWG's rules for
\`EventSource\`, and practice where WHATWG leaves the choice; the server knows nothing of Tidemark. The adapters, of at
most 40 lines each, are in \`examples/adapters/event-streams\`. A client does not claim what it has no option for, and the
tests of that do not run (–).

${usedTable(findings)}

✓ met · ✗ violated · (✗) a SHOULD that is not met · ? undecided: the client ended, or did something else, before the test
checked this · – not claimed

${matrix({ others: findings, requirements: ledger })}

## Three findings without the suite

A script of about ten lines shows each of them. The command above ran these scripts too; their output is below.

${shown.map(shownBlock).join("\n\n")}
`;
}
