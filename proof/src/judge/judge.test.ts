import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Judgement } from "./job.ts";
import { describe, isGood, judgeAll } from "./pass.ts";
import { REPRESENTATIVE } from "./representative.ts";

const judgements = new Map<string, Judgement>();

test("the suite runs against several servers at once", async () => {
  await judgeAll(REPRESENTATIVE, (job, judgement) => judgements.set(job.id, judgement));
  assert.is(judgements.size, REPRESENTATIVE.length);
});

for (const job of REPRESENTATIVE)
  test(`${job.kind === "mutant" ? "the suite kills" : "the suite accepts"} ${job.id}`, () => {
    const judgement = judgements.get(job.id);
    assert.ok(judgement && isGood(judgement), judgement && describe(job, judgement));
  });

test.run();
