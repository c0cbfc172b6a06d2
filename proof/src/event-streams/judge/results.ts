import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { STREAM_MUTANTS } from "../mutants/all.ts";
import { STREAM_ODDITIES } from "../oddities/all.ts";
import type { StreamSubject } from "../subject.ts";
import { faultsOf, type Judgement } from "./judgement.ts";
import { renderStreamMatrix, type StreamResult } from "./matrix.ts";

const DATA = new URL("../../../stream-matrix.json", import.meta.url);
const PAGE = new URL("../../../../docs/reference/event-stream-matrix.md", import.meta.url);
const LEDGER = new URL("../../../../spec/profiles/event-stream.json", import.meta.url);

/** The last result of each server, by its id. */
export type Results = Readonly<Record<string, StreamResult>>;

/** The stored results, without those of servers that no longer exist. */
export function readResults(): Results {
  const all: Results = existsSync(DATA) ? JSON.parse(readFileSync(DATA, "utf8")) : {};
  return inOrder(all);
}

/** Sorted as the servers are listed, so that a run of some servers changes only their lines. */
function inOrder(all: Results): Results {
  const known = [...STREAM_ODDITIES, ...STREAM_MUTANTS];
  return Object.fromEntries(known.flatMap(({ id }) => (all[id] === undefined ? [] : [[id, all[id]]])));
}

/** The results with one of them replaced. */
export function withJudgement(results: Results, subject: StreamSubject, judgement: Judgement): Results {
  const { url, publisher } = judgement;
  const result: StreamResult = {
    faults: faultsOf(subject, judgement),
    url: url?.found ?? [],
    ...(publisher ? { publisher: publisher.found } : {}),
    tests: [...new Set([...(url?.tests ?? []), ...(publisher?.tests ?? [])])].sort(),
    verified: url?.verified.length ?? 0,
  };
  return inOrder({ ...results, [subject.id]: result });
}

/** Store the results, and write the page. */
export function writeResults(results: Results): void {
  writeFileSync(DATA, `${JSON.stringify(results, undefined, 2)}\n`);
  writeFileSync(PAGE, pageOf(results));
}

/** The page for these results. */
export function pageOf(results: Results): string {
  return renderStreamMatrix({
    mutants: STREAM_MUTANTS,
    oddities: STREAM_ODDITIES,
    results,
    uncovered: uncovered(results),
    anchors: new Map(profile().map(({ id, anchor }) => [id, anchor])),
  });
}

/** Sentences that no broken server shows: each can be tested, unless it is a MAY. */
export function uncovered(results: Results): string[] {
  const shown = new Set(
    STREAM_MUTANTS.filter(({ id }) => results[id]?.faults.length === 0).flatMap(({ breaks }) => breaks),
  );
  return profile()
    .filter(({ id, level }) => level !== "MAY" && !shown.has(id))
    .map(({ id }) => id);
}

interface Sentence {
  readonly id: string;
  readonly level: string;
  readonly anchor: string;
}

function profile(): readonly Sentence[] {
  return JSON.parse(readFileSync(LEDGER, "utf8"));
}
