// The suite for event streams gives no verdict on a target that is no event stream, and says what answered instead.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { runOn } from "./judge/run.ts";
import { NULL_STREAMS, type NullStream } from "./nulls.ts";

const NO_VERDICT = 3;

async function verdictOn(target: NullStream): Promise<{ readonly exitCode: number; readonly line: string }> {
  const server = await target.start();
  try {
    return (await runOn(server.url)).verdict;
  } finally {
    await server.close();
  }
}

// Some targets only make the suite wait, so all run at once.
const verdicts = new Map(NULL_STREAMS.map((target) => [target.id, verdictOn(target)]));

for (const { id, says } of NULL_STREAMS)
  test(`no verdict on ${id}`, async () => {
    const verdict = await verdicts.get(id);
    assert.is(verdict?.exitCode, NO_VERDICT, verdict?.line);
    assert.match(verdict?.line ?? "", says);
  });

test.run();
