import { existsSync, writeFileSync } from "node:fs";
import { type Document, isMap, isSeq, parseDocument, YAMLSeq } from "yaml";
import { readText } from "../config/source-file.ts";
import type { RunReport } from "../model/event.ts";
import { today } from "./baseline.ts";

/** What changed in a baseline. */
export interface BaselineUpdate {
  readonly added: number;
  readonly removed: number;
  /** Expired entries: only a person may move their last day. */
  readonly open: number;
}

const HEAD =
  " Known failures. They do not count until their day `until` is over. An entry whose test passes fails the run.";

/**
 * Update a baseline by a run: add unknown failures, with a reason to be edited, and remove entries whose
 * tests pass. Comments and everything else stay unchanged.
 */
export function updateBaseline(path: string, report: RunReport): BaselineUpdate {
  const document: Document = parseDocument(existsSync(path) ? readText(path) : "");
  const entries = isSeq(document.contents) ? document.contents : new YAMLSeq();
  if (document.contents !== entries) {
    document.contents = entries;
    document.commentBefore = HEAD;
  }
  const { baselineFaults: faults = [] } = report;
  const stale = new Set(faults.filter(({ fault }) => fault === "stale").map(({ test }) => test));
  const expired = faults.filter(({ fault }) => fault === "expired").map(({ test }) => test);
  const before = entries.items.length;
  entries.items = entries.items.filter((item) => !(isMap(item) && stale.has(String(item.get("test")))));
  const removed = before - entries.items.length;
  const failed = report.tests.filter(
    ({ outcome, known }) => (outcome === "fail" || outcome === "error") && !known,
  );
  const fresh = failed.filter(({ id }) => !expired.includes(id));
  for (const { id, requirements } of fresh) {
    const broken = requirements
      .filter(({ outcome }) => outcome === "fail")
      .map(({ requirement }) => requirement);
    entries.add(
      document.createNode({ test: id, reason: `not looked at yet (${broken.join(", ")}, ${today()})` }),
    );
  }
  writeFileSync(path, entries.items.length === 0 ? "[]\n" : document.toString());
  return { added: fresh.length, removed, open: expired.length };
}
