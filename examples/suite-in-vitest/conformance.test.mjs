// Each test of the suite as a test of vitest, many at once: most only wait.
// Run it: npm install && TARGET='http://localhost:3000/channels/{channel}' npm test
import { serverTests } from "@tidemark/conformance";
import { describe, test } from "vitest";

const { TARGET = "http://127.0.0.1:3000/channels/{channel}", RUN } = process.env;
const MINUTE_MS = 60_000; // some have to wait for a heartbeat
const UNDECIDED = ["inconclusive", "not-run", "n/a"];

describe.concurrent("Tidemark", () => {
  for (const { id, run } of serverTests({ url: TARGET, ...(RUN && { run: RUN.split(",") }) }))
    test(id, { timeout: MINUTE_MS }, async ({ skip }) => {
      const { outcome, reason, detail } = await run(); // throws with the whole report when a sentence is broken
      if (UNDECIDED.includes(outcome)) skip([outcome, reason, detail].filter(Boolean).join(" "));
    });
});
