import { Command } from "commander";
import { specLink } from "../engine/report/failure.ts";
import { observable, type Suite } from "../engine/run/suite.ts";
import type { SuiteCommand } from "../engine/run/suite-command.ts";
import type { Test } from "../engine/run/test.ts";

/** `list`: every test with its requirements, and how many requirements have a test. */
export function listCommand(all: readonly SuiteCommand[]): Command {
  const suites = all.map(({ suite }) => suite);
  return new Command("list")
    .description("list the tests and the requirements that they cover")
    .option("--json", "print JSON")
    .action((flags: { readonly json?: boolean }) => {
      process.stdout.write(
        flags.json ? `${JSON.stringify(inventory(suites), undefined, 2)}\n` : listText(suites),
      );
    });
}

/** The observable requirements with and without a test. */
interface Coverage {
  readonly covered: readonly string[];
  readonly uncovered: readonly string[];
}

function coverage(suite: Suite): Coverage {
  const shown = new Set(suite.tests.flatMap((test) => test.requirements));
  const ids = observable(suite).map(({ id }) => id);
  return { covered: ids.filter((id) => shown.has(id)), uncovered: ids.filter((id) => !shown.has(id)) };
}

function inventory(suites: readonly Suite[]): object {
  const tests = suites
    .flatMap((suite) => suite.tests)
    .map(({ id, title, requirements, needs = [], candidate = false }) => ({
      id,
      title,
      requirements,
      needs,
      candidate,
    }));
  return { tests, coverage: Object.fromEntries(suites.map((suite) => [suite.name, coverage(suite)])) };
}

function listText(suites: readonly Suite[]): string {
  const tests = suites.flatMap((suite) => suite.tests);
  const lines = tests.flatMap((test) => [test.id, `  ${test.title}`, `  ${test.requirements.join(" ")}`]);
  return `${[...lines, `${tests.length} tests`, ...suites.flatMap(score)].join("\n")}\n`;
}

function score(suite: Suite): string[] {
  const { covered, uncovered } = coverage(suite);
  const total = covered.length + uncovered.length;
  const missing = uncovered.length === 0 ? [] : [`without a test: ${uncovered.join(" ")}`];
  return [`${covered.length}/${total} observable ${suite.name} requirements covered`, ...missing];
}

/** `explain ID`: a requirement with its sentence and its tests, or a test with its requirements. */
export function explainCommand(all: readonly SuiteCommand[]): Command {
  const suites = all.map(({ suite }) => suite);
  return new Command("explain")
    .description("show a requirement with its tests, or a test with its requirements")
    .argument("<id>", "an id such as SSE-RESUME-2 or server/sse/open-first-block")
    .action((id: string, _flags: object, command: Command) => {
      const lines = explainTest(suites, id) ?? explainRequirement(suites, id.toUpperCase());
      if (!lines) command.error(`error: no requirement or test has the id ${id}; 'list' shows all ids`);
      else process.stdout.write(`${lines.join("\n")}\n`);
    });
}

function explainRequirement(suites: readonly Suite[], id: string): string[] | undefined {
  const requirement = suites.map(({ ledger }) => ledger.get(id)).find((row) => row !== undefined);
  if (!requirement) return undefined;
  const tests = suites.flatMap((suite) => suite.tests.filter((test) => test.requirements.includes(id)));
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

function explainTest(suites: readonly Suite[], id: string): string[] | undefined {
  const all: readonly Test[] = suites.flatMap((suite) => suite.tests);
  const test = all.find((candidate) => candidate.id === id);
  if (!test) return undefined;
  return [
    test.id,
    `  ${test.title}`,
    ...(test.needs?.length ? [`  needs: ${test.needs.join(", ")}`] : []),
    ...test.requirements.flatMap((requirement) => explainRequirement(suites, requirement)?.slice(0, 2) ?? []),
  ];
}
