import { readFile } from "node:fs/promises";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { isKilled } from "./judge/matrix.ts";
import { pageOf, readResults, uncovered } from "./judge/results.ts";
import { ALL_MUTANTS } from "./mutants/all.ts";
import { ALL_VARIANTS, REFERENCE } from "./variants/all.ts";

const results = readResults();
const HOW = "if not, run `npm run kill-matrix -w @tidemark/proof`";

test(`the kill matrix in the docs is up to date; ${HOW}`, async () => {
  const page = await readFile(new URL("../../docs/reference/kill-matrix.md", import.meta.url), "utf8");
  assert.is(page, pageOf(results));
});

test(`the suite killed every mutant and passed every variant; ${HOW} -- --only <id>`, () => {
  assert.equal(
    ALL_MUTANTS.map(({ id }) => id).filter((id) => !isKilled(results.mutants[id])),
    [],
  );
  assert.equal(
    [REFERENCE, ...ALL_VARIANTS].map(({ id }) => id).filter((id) => results.variants[id]?.length !== 0),
    [],
  );
  assert.ok(ALL_MUTANTS.length >= 60 && ALL_VARIANTS.length >= 20);
});

test("a killed mutant violates each requirement that has a test", () => {
  assert.equal(uncovered(results), []);
});

test("ids are unique, and no mutant names a requirement twice", () => {
  for (const subjects of [ALL_MUTANTS, ALL_VARIANTS]) {
    const ids = subjects.map(({ id }) => id);
    assert.is(new Set(ids).size, ids.length);
  }
  for (const { id, breaks, collateral = {} } of ALL_MUTANTS) {
    const named = [...breaks, ...Object.keys(collateral)];
    assert.is(new Set(named).size, named.length, id);
  }
});

test.run();
