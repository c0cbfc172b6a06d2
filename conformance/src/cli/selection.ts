import { ConfigError } from "../config/source-file.ts";
import { matchesAny } from "../run/glob.ts";

/** What a test is chosen by. */
interface Choosable {
  readonly id: string;
  readonly requirements: readonly string[];
}

/** The patterns that name tests; `--skip` may name what is no longer there. */
interface Patterns {
  readonly run?: readonly string[];
  readonly requirements?: readonly string[];
}

/** A pattern that fits nothing is a slip: a run without the tests that it meant would say less than was asked. @throws {ConfigError} */
export function assertNamesTests(
  tests: readonly Choosable[],
  { run = [], requirements = [] }: Patterns,
): void {
  const shown = [...new Set(tests.flatMap((test) => test.requirements))];
  const ids = tests.map(({ id }) => id);
  assertEachFits("test", run, ids);
  assertEachFits("tested requirement", requirements, shown);
}

function assertEachFits(what: string, patterns: readonly string[], names: readonly string[]): void {
  const empty = patterns.find((pattern) => !names.some((name) => matchesAny(name, [pattern])));
  if (empty !== undefined)
    throw new ConfigError(`no ${what} is named ${empty}; 'npx @tidemark/conformance list' shows them`);
}
