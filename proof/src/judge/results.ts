import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { serverTests } from "@tidemark/conformance";
import { ALL_MUTANTS } from "../mutants/all.ts";
import { ALL_VARIANTS, REFERENCE } from "../variants/all.ts";
import type { Job, Judgement } from "./job.ts";
import { isKilled, type Matrix, type Results, renderMatrix } from "./matrix.ts";

const DATA = new URL("../../kill-matrix.json", import.meta.url);
const PAGE = new URL("../../../docs/reference/kill-matrix.md", import.meta.url);
const LEDGER = new URL("../../../spec/requirements.json", import.meta.url);

/** The stored results, without those of servers that no longer exist. */
export function readResults(): Results {
  const { mutants, variants }: Results = existsSync(DATA)
    ? JSON.parse(readFileSync(DATA, "utf8"))
    : { mutants: {}, variants: {} };
  return {
    mutants: pick(mutants, ALL_MUTANTS),
    variants: pick(variants, [REFERENCE, ...ALL_VARIANTS]),
  };
}

function pick<T>(known: Readonly<Record<string, T>>, subjects: readonly { readonly id: string }[]) {
  return Object.fromEntries(
    subjects.flatMap(({ id }) => (known[id] === undefined ? [] : [[id, known[id]]])),
  ) as Record<string, T>;
}

/** The results with one of them replaced. */
export function withJudgement({ mutants, variants }: Results, { id }: Job, judgement: Judgement): Results {
  if (judgement.kind === "variant")
    return { mutants, variants: { ...variants, [id]: judgement.score.faults } };
  const { survived, blamed, tests } = judgement.kill;
  return { mutants: { ...mutants, [id]: { survived, blamed, tests: [...tests].sort() } }, variants };
}

/** Store the results, and write the page. */
export function writeResults(results: Results): void {
  const { mutants, variants } = results;
  const kept = {
    mutants: pick(mutants, ALL_MUTANTS),
    variants: pick(variants, [REFERENCE, ...ALL_VARIANTS]),
  };
  writeFileSync(DATA, `${JSON.stringify(kept, undefined, 2)}\n`);
  writeFileSync(PAGE, pageOf(kept));
}

/** The page for these results. */
export function pageOf(results: Results): string {
  const ledger = requirements();
  const matrix: Matrix = {
    mutants: ALL_MUTANTS,
    variants: [REFERENCE, ...ALL_VARIANTS],
    results,
    uncovered: uncovered(results),
    anchors: new Map(ledger.map(({ id, anchor }) => [id, anchor])),
  };
  return renderMatrix(matrix);
}

/** Requirements that have a test but no killed mutant. A MAY is a right, which cannot be violated. */
export function uncovered({ mutants }: Results): string[] {
  const covered = new Set(
    ALL_MUTANTS.filter(({ id }) => isKilled(mutants[id])).flatMap(({ breaks }) => breaks),
  );
  const shown = new Set(
    serverTests({ url: "http://127.0.0.1:9/{channel}" }).flatMap((test) => test.requirements),
  );
  return requirements()
    .filter(({ id, level }) => shown.has(id) && level !== "MAY" && !covered.has(id))
    .map(({ id }) => id);
}

interface Row {
  readonly id: string;
  readonly level: string;
  readonly anchor: string;
}

function requirements(): readonly Row[] {
  return JSON.parse(readFileSync(LEDGER, "utf8"));
}
