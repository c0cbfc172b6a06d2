// Runs each test of the suite as a vitest test, many in parallel because most of them only wait.
// Run it: npm install && TARGET='http://localhost:3000/channels/{channel}' npm test
import { serverTests } from "@tidemark/conformance";
import { describe, test } from "vitest";

const { TARGET = "http://127.0.0.1:3000/channels/{channel}", RUN } = process.env;
const MINUTE_MS = 60_000; // some tests have to wait for a heartbeat
const UNDECIDED = ["inconclusive", "not-run", "n/a"];

describe.concurrent("Tidemark", () => {
  for (const { id, run } of serverTests({ url: TARGET, ...(RUN && { run: RUN.split(",") }) }))
    test(id, { timeout: MINUTE_MS }, async ({ skip }) => {
      const { outcome, reason, detail } = await run(); // throws the full report if a requirement is violated
      if (UNDECIDED.includes(outcome)) skip([outcome, reason, detail].filter(Boolean).join(" "));
    });
});
