import type { Requirement } from "./blocks.ts";
import type { Fault } from "./document.ts";
import type { SuiteTest } from "./suite.ts";

/** By requirement, the hash of the wording that its tests were last held against. */
export type Reviewed = Readonly<Record<string, string>>;

/** Where each requirement stands. */
export type Places = ReadonlyMap<string, Pick<Fault, "file" | "line">>;

const CONFIRM = "npm run reviewed -w @tidemark/spec --";

/** The requirements whose wording nobody has held against their tests. */
export function pendingReviews(
  requirements: readonly Requirement[],
  reviewed: Reviewed,
): readonly Requirement[] {
  return requirements.filter(({ id, hash }) => reviewed[id] !== hash);
}

/** Say of each changed requirement which tests are to be looked at, and how to confirm that they were. */
export function reviewFaults(
  requirements: readonly Requirement[],
  reviewed: Reviewed,
  places: Places,
  listTests: () => readonly SuiteTest[] | undefined,
): readonly Fault[] {
  const pending = pendingReviews(requirements, reviewed);
  const known = new Set(requirements.map(({ id }) => id));
  const gone = Object.keys(reviewed).filter((id) => !known.has(id));
  const tests = pending.length === 0 ? [] : listTests();
  return [
    ...pending.map((requirement) => ({
      file: requirement.anchor,
      line: 0,
      ...places.get(requirement.id),
      message: describe(requirement, requirement.id in reviewed, tests),
    })),
    ...gone.map((id) => ({
      file: "reviewed.json",
      line: 0,
      message: `${id} is no requirement any more: ${CONFIRM} ${id}`,
    })),
  ];
}

/** Confirm requirements by their ids; what is gone is dropped. Undefined for an id that was never there. */
export function confirm(
  requirements: readonly Requirement[],
  reviewed: Reviewed,
  ids: readonly string[],
): Reviewed | undefined {
  const hashes = new Map(requirements.map(({ id, hash }) => [id, hash]));
  if (ids.some((id) => !hashes.has(id) && !(id in reviewed))) return undefined;
  const rows = requirements.flatMap(({ id, hash }) => {
    const kept = ids.includes(id) ? hash : reviewed[id];
    return kept === undefined ? [] : [[id, kept] as const];
  });
  return Object.fromEntries(rows);
}

function describe(
  { id, text }: Requirement,
  existed: boolean,
  tests: readonly SuiteTest[] | undefined,
): string {
  const shown = tests?.filter(({ requirements }) => requirements.includes(id)).map((test) => test.id);
  const list = shown?.length === 0 ? "no test" : (shown?.join(", ") ?? "(the suite cannot list its tests)");
  return [
    existed ? `${id} has changed since its tests were last held against it` : `${id} is new`,
    `  it says:   ${text}`,
    `  shown by:  ${list}`,
    `  look at these; if they hold: ${CONFIRM} ${id}`,
  ].join("\n");
}
