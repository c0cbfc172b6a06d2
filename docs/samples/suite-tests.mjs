import { test } from "node:test";
import { serverTests } from "@tidemark/conformance";

const url = "http://localhost:3000/channels/{channel}";

for (const { id, run } of serverTests({ url })) {
  // Throws the whole report when a sentence is broken.
  test(id, async () => void (await run()));
}
