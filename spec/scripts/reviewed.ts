import { hashOf, type Requirement } from "./blocks.ts";
import type { Fault } from "./document.ts";
import type { SuiteTest } from "./suite.ts";

/** The sentence of a requirement, or a file of vectors, whose tests have to be reviewed when it changes. */
export type Reviewable = Pick<Requirement, "id" | "hash" | "text" | "anchor">;

/** The hash of each sentence or file when its tests were last reviewed, by id. */
export type Reviewed = Readonly<Record<string, string>>;

/** The place of each requirement, by id. */
export type Places = ReadonlyMap<string, Pick<Fault, "file" | "line">>;

/** The tests that run the vectors. */
const READERS = "the tests of packages/protocol, packages/server, conformance and examples/python-server";

const CONFIRM = "npm run reviewed -w @tidemark/spec --";

/** A file of vectors, whose tests have to be reviewed when a byte of it changes. */
export function reviewableVectors(file: string, json: string): Reviewable {
  const { length } = JSON.parse(json) as readonly unknown[];
  return { id: file, hash: hashOf(json), text: `${length} vectors`, anchor: file };
}

/** The sentences and files whose tests were not reviewed since they changed. */
export function pendingReviews(all: readonly Reviewable[], reviewed: Reviewed): readonly Reviewable[] {
  return all.filter(({ id, hash }) => reviewed[id] !== hash);
}

/** An error for each pending review, with the tests to review and the command that confirms it. */
export function reviewFaults(
  all: readonly Reviewable[],
  reviewed: Reviewed,
  places: Places,
  listTests: () => readonly SuiteTest[] | undefined,
): readonly Fault[] {
  const pending = pendingReviews(all, reviewed);
  const known = new Set(all.map(({ id }) => id));
  const gone = Object.keys(reviewed).filter((id) => !known.has(id));
  const tests = pending.length === 0 ? [] : listTests();
  return [
    ...pending.map((one) => ({
      file: one.anchor,
      line: 0,
      ...places.get(one.id),
      message: describe(one, one.id in reviewed, tests),
    })),
    ...gone.map((id) => ({
      file: "reviewed.json",
      line: 0,
      message: `${id} no longer exists; confirm with: ${CONFIRM} ${id}`,
    })),
  ];
}

/** Confirm the reviews of these ids, and drop ids that no longer exist. `undefined` if an id is unknown. */
export function confirm(
  all: readonly Reviewable[],
  reviewed: Reviewed,
  ids: readonly string[],
): Reviewed | undefined {
  const hashes = new Map(all.map(({ id, hash }) => [id, hash]));
  if (ids.some((id) => !hashes.has(id) && !(id in reviewed))) return undefined;
  const rows = all.flatMap(({ id, hash }) => {
    const kept = ids.includes(id) ? hash : reviewed[id];
    return kept === undefined ? [] : [[id, kept] as const];
  });
  return Object.fromEntries(rows);
}

function describe(
  { id, text }: Reviewable,
  existed: boolean,
  tests: readonly SuiteTest[] | undefined,
): string {
  return [
    existed ? `${id} has changed since its tests were last reviewed` : `${id} is new`,
    `  it says:   ${text}`,
    `  shown by:  ${id.includes("/") ? READERS : listShown(id, tests)}`,
    `  review these tests, then run: ${CONFIRM} ${id}`,
  ].join("\n");
}

function listShown(id: string, tests: readonly SuiteTest[] | undefined): string {
  const shown = tests?.filter(({ requirements }) => requirements.includes(id)).map((test) => test.id);
  return shown?.length === 0 ? "no test" : (shown?.join(", ") ?? "(the suite cannot list its tests)");
}
