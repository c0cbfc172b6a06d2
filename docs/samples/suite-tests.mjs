import { test } from "node:test";
import { serverTests } from "@tidemark/conformance";

const url = "http://localhost:3000/channels/{channel}";

for (const { id, run } of serverTests({ url })) {
  test(id, async (t) => {
    const { outcome, detail } = await run(); // throws the full report if a requirement is violated
    // A test that could not decide has not passed.
    if (!["pass", "warn", "info"].includes(outcome))
      t.skip(`${outcome}: ${detail}`);
  });
}
