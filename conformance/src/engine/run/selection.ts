import { ConfigError } from "../config/source-file.ts";
import type { RunOptions } from "./options.ts";

/** Compile a pattern: `*` matches any characters, including slashes, and `?` matches one character. */
export function globToRegExp(glob: string): RegExp {
  const escaped = glob.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`);
}

/** Whether the text matches one of the patterns. A pattern also matches every path below it. */
export function matchesAny(text: string, globs: readonly string[]): boolean {
  return globs.some(
    (glob) => globToRegExp(glob).test(text) || text.startsWith(`${glob.replace(/\/$/, "")}/`),
  );
}

/** The properties by which tests are selected. */
interface Selectable {
  readonly id: string;
  readonly requirements: readonly string[];
}

/** Whether a run with these options selects the test. */
export function isSelected(
  test: Selectable,
  { run, skip, requirements }: Pick<RunOptions, "run" | "skip" | "requirements">,
): boolean {
  if (run && !matchesAny(test.id, run)) return false;
  if (skip && matchesAny(test.id, skip)) return false;
  return !requirements || test.requirements.some((id) => matchesAny(id, requirements));
}

/** The patterns that have to match a test. `--skip` is not among them: it may name former tests. */
interface Patterns {
  readonly run?: readonly string[];
  readonly requirements?: readonly string[];
}

/** A pattern that matches nothing is a typo: the run would silently leave out tests. @throws {ConfigError} */
export function assertNamesTests(
  tests: readonly Selectable[],
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
