import { ConfigError } from "../engine/config/source-file.ts";
import { matchesAny } from "../engine/run/glob.ts";

/** The properties by which tests are selected. */
interface Choosable {
  readonly id: string;
  readonly requirements: readonly string[];
}

/** The patterns that have to match a test. `--skip` is not among them: it may name former tests. */
interface Patterns {
  readonly run?: readonly string[];
  readonly requirements?: readonly string[];
}

/** A pattern that matches nothing is a typo: the run would silently leave out tests. @throws {ConfigError} */
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
    throw new ConfigError(`no ${what} matches ${empty}; 'npx @tidemark/conformance list' shows all`);
}
