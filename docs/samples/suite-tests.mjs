import { test } from "node:test";
import { serverTests } from "@tidemark/conformance";

const url = "http://localhost:3000/channels/{channel}";

for (const { id, run } of serverTests({ url })) {
  test(id, async (t) => {
    const { outcome, detail } = await run(); // throws the whole report when a sentence is broken
    // What decided nothing is not a pass.
    if (!["pass", "warn", "info"].includes(outcome))
      t.skip(`${outcome}: ${detail}`);
  });
}
