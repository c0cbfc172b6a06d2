import { Command } from "commander";
import { loadLedger, type Requirement } from "../engine/model/ledger.ts";
import { specLink } from "../engine/report/failure.ts";
import { CLIENT_TESTS } from "../suites/tidemark/client/tests/all.ts";
import { ALL_TESTS } from "../suites/tidemark/server/tests/all.ts";

/** A server test or a client test, as `list` shows it. */
interface Listed {
  readonly id: string;
  readonly title: string;
  readonly requirements: readonly string[];
  readonly needs?: readonly string[];
  readonly candidate?: boolean;
}

const LISTED: readonly Listed[] = [...ALL_TESTS, ...CLIENT_TESTS];

/** `list`: every test with its requirements, and how many requirements have a test. */
export function listCommand(): Command {
  return new Command("list")
    .description("list the tests and the requirements that they cover")
    .option("--json", "print JSON")
    .action((flags: { readonly json?: boolean }) => {
      process.stdout.write(flags.json ? `${JSON.stringify(inventory(), undefined, 2)}\n` : listText());
    });
}

/** The observable requirements with and without a test. */
export interface Coverage {
  readonly covered: readonly string[];
  readonly uncovered: readonly string[];
}

/** Which observable requirements of servers or of clients have a test. */
export function coverage(subject: Requirement["subject"]): Coverage {
  const shown = new Set(LISTED.flatMap((test) => test.requirements));
  const ids = [...loadLedger().values()]
    .filter((requirement) => requirement.observable && requirement.subject === subject)
    .map(({ id }) => id);
  return { covered: ids.filter((id) => shown.has(id)), uncovered: ids.filter((id) => !shown.has(id)) };
}

function inventory(): object {
  const tests = LISTED.map(({ id, title, requirements, needs = [], candidate = false }) => ({
    id,
    title,
    requirements,
    needs,
    candidate,
  }));
  return { tests, coverage: { server: coverage("server"), client: coverage("client") } };
}

function listText(): string {
  const lines = LISTED.flatMap((test) => [test.id, `  ${test.title}`, `  ${test.requirements.join(" ")}`]);
  return `${[...lines, `${LISTED.length} tests`, ...score("server"), ...score("client")].join("\n")}\n`;
}

function score(subject: Requirement["subject"]): string[] {
  const { covered, uncovered } = coverage(subject);
  const total = covered.length + uncovered.length;
  const missing = uncovered.length === 0 ? [] : [`without a test: ${uncovered.join(" ")}`];
  return [`${covered.length}/${total} observable ${subject} requirements covered`, ...missing];
}

/** `explain ID`: a requirement with its sentence and its tests, or a test with its requirements. */
export function explainCommand(): Command {
  return new Command("explain")
    .description("show a requirement with its tests, or a test with its requirements")
    .argument("<id>", "an id such as SSE-RESUME-2 or server/sse/open-first-block")
    .action((id: string, _flags: object, command: Command) => {
      const lines = explainTest(id) ?? explainRequirement(id.toUpperCase());
      if (!lines) command.error(`error: no requirement or test has the id ${id}; 'list' shows all ids`);
      else process.stdout.write(`${lines.join("\n")}\n`);
    });
}

function explainRequirement(id: string): string[] | undefined {
  const requirement = loadLedger().get(id);
  if (!requirement) return undefined;
  const tests = LISTED.filter((test) => test.requirements.includes(id));
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
  const test = LISTED.find((candidate) => candidate.id === id);
  if (!test) return undefined;
  return [
    test.id,
    `  ${test.title}`,
    ...(test.needs?.length ? [`  needs: ${test.needs.join(", ")}`] : []),
    ...test.requirements.flatMap((requirement) => explainRequirement(requirement)?.slice(0, 2) ?? []),
  ];
}
