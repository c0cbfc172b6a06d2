// Runs each test of the suite as a node:test test, many in parallel because most of them only wait.
// Run it: TARGET='http://localhost:3000/channels/{channel}' node --test
import { describe, test } from "node:test";
import { serverTests } from "@tidemark/conformance";

const { TARGET = "http://127.0.0.1:3000/channels/{channel}", RUN } = process.env;
const UNDECIDED = ["inconclusive", "not-run", "n/a"];

describe("Tidemark", { concurrency: 24 }, () => {
  for (const { id, run } of serverTests({ url: TARGET, ...(RUN && { run: RUN.split(",") }) }))
    test(id, async (t) => {
      const { outcome, reason, detail } = await run(); // throws the full report if a requirement is violated
      if (UNDECIDED.includes(outcome)) t.skip([outcome, reason, detail].filter(Boolean).join(" "));
    });
});
