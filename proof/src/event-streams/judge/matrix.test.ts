// The page of the kill matrix shows the stored results, and the suite did to each server what it has to.
import { readFile } from "node:fs/promises";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { STREAM_MUTANTS } from "../mutants/all.ts";
import { STREAM_ODDITIES } from "../oddities/all.ts";
import { faultsOf, judge } from "./judgement.ts";
import { isRight } from "./matrix.ts";
import { pageOf, readResults, uncovered } from "./results.ts";

const results = readResults();
const HOW = "if not, run `npm run stream-matrix -w @tidemark/proof`";

test(`the kill matrix for event streams in the docs is up to date; ${HOW}`, async () => {
  const page = new URL("../../../../docs/reference/event-stream-matrix.md", import.meta.url);
  assert.is(await readFile(page, "utf8"), pageOf(results));
});

test(`the suite found every broken server, and blamed no unusual one; ${HOW} -- --only <id>`, () => {
  const wrong = [...STREAM_MUTANTS, ...STREAM_ODDITIES].filter(({ id }) => !isRight(results[id]));
  assert.equal(
    wrong.map(({ id }) => id),
    [],
  );
});

test("each sentence that can be violated is violated by a broken server", () => {
  assert.equal(uncovered(results), []);
});

const judged = ["skips-one", "plain-history"].map((id) => {
  const subject = [...STREAM_MUTANTS, ...STREAM_ODDITIES].find((one) => one.id === id);
  return { id, faults: subject && judge(subject, false).then((outcome) => faultsOf(subject, outcome)) };
});

for (const { id, faults } of judged)
  test(`the suite says now what the matrix says about ${id}`, async () => {
    assert.equal(await faults, []);
  });

test.run();
