import { test } from "node:test";
import { serverTests } from "@tidemark/conformance";

for (const { id, run } of serverTests({ url: "http://localhost:3000/channels/{channel}" })) {
  test(id, async () => void (await run())); // throws with the whole report when a sentence is broken
}
