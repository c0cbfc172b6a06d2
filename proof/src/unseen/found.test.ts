import { readFile } from "node:fs/promises";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { pageOf, readUnseen } from "./found.ts";
import { ROOT, SERVERS, unseenMutants } from "./unseen-mutants.ts";

const HOW = "if not, run `npm run unseen-table -w @tidemark/proof`";

test(`the page of the unseen mutants is up to date; ${HOW}`, async () => {
  assert.is(await readFile(`${ROOT}docs/reference/unseen-mutants.md`, "utf8"), await pageOf(readUnseen()));
});

test("the results are those of mutants that exist", async () => {
  const ids = (await Promise.all(SERVERS.map(unseenMutants))).flat().map(({ id }) => id);
  for (const id of Object.keys(readUnseen().mutants)) assert.ok(ids.includes(id), id);
});

test("the model by itself finds nine of ten", async () => {
  const all = Object.values(readUnseen().mutants);
  const found = all.filter(({ model }) => (model?.requirements.length ?? 0) > 0);
  assert.ok(found.length >= 0.9 * all.length, `${found.length} of ${all.length}`);
});

test.run();
