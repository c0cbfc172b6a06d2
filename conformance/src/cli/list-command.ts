import { Command } from "commander";
import { loadLedger } from "../ledger/ledger.ts";
import { specLink } from "../report/failure.ts";
import { observable } from "../run/run-server.ts";
import { ALL_TESTS } from "../tests/all.ts";

/** `list`: every test with the requirements that it shows, and how much of the ledger they cover. */
export function listCommand(): Command {
  return new Command("list")
    .description("the tests, and the requirements that they cover")
    .option("--json", "as JSON")
    .action((flags: { readonly json?: boolean }) => {
      process.stdout.write(flags.json ? `${JSON.stringify(inventory(), undefined, 2)}\n` : listText());
    });
}

/** Tests by requirement, and requirements that no test shows. */
export interface Coverage {
  readonly covered: readonly string[];
  readonly uncovered: readonly string[];
}

/** Which observable server requirements have a test. */
export function coverage(): Coverage {
  const shown = new Set(ALL_TESTS.flatMap((test) => test.requirements));
  const ids = observable(loadLedger()).map(({ id }) => id);
  return { covered: ids.filter((id) => shown.has(id)), uncovered: ids.filter((id) => !shown.has(id)) };
}

function inventory(): object {
  const tests = ALL_TESTS.map(({ id, title, requirements, needs = [], candidate = false }) => ({
    id,
    title,
    requirements,
    needs,
    candidate,
  }));
  return { tests, coverage: coverage() };
}

function listText(): string {
  const { covered, uncovered } = coverage();
  const lines = ALL_TESTS.flatMap((test) => [test.id, `  ${test.title}`, `  ${test.requirements.join(" ")}`]);
  const score = `${ALL_TESTS.length} tests, ${covered.length}/${covered.length + uncovered.length} observable server requirements covered`;
  const missing = uncovered.length === 0 ? [] : [`without a test: ${uncovered.join(" ")}`];
  return `${[...lines, score, ...missing].join("\n")}\n`;
}

/** `explain ID`: a requirement with its sentence and its tests, or a test with its requirements. */
export function explainCommand(): Command {
  return new Command("explain")
    .description("a requirement, or a test, in full")
    .argument("<id>", "such as SSE-RESUME-2 or server/sse/open-first-block")
    .action((id: string, _flags: object, command: Command) => {
      const lines = explainTest(id) ?? explainRequirement(id.toUpperCase());
      if (!lines) command.error(`error: no requirement and no test has the id ${id}; see 'list'`);
      else process.stdout.write(`${lines.join("\n")}\n`);
    });
}

function explainRequirement(id: string): string[] | undefined {
  const requirement = loadLedger().get(id);
  if (!requirement) return undefined;
  const tests = ALL_TESTS.filter((test) => test.requirements.includes(id));
  const unseen = requirement.observable
    ? "no test yet"
    : `not observable: ${requirement.reason ?? "from outside"}`;
  return [
    `${id} · ${requirement.subject} · ${requirement.keyword} · ${specLink(requirement)}`,
    `  ${requirement.text}`,
    ...(tests.length === 0
      ? [`  ${unseen}`]
      : tests.flatMap((test) => [`  ${test.id}`, `    ${test.title}`])),
  ];
}

function explainTest(id: string): string[] | undefined {
  const test = ALL_TESTS.find((candidate) => candidate.id === id);
  if (!test) return undefined;
  return [
    test.id,
    `  ${test.title}`,
    ...(test.needs?.length ? [`  needs: ${test.needs.join(", ")}`] : []),
    ...test.requirements.flatMap((requirement) => explainRequirement(requirement)?.slice(0, 2) ?? []),
  ];
}
