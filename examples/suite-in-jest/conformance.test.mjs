// Runs each test of the suite as a jest test, many in parallel because most of them only wait.
// Run it: npm install && TARGET='http://localhost:3000/channels/{channel}' npm test
import { describe, test } from "@jest/globals";
import { serverTests } from "@tidemark/conformance";

const { TARGET = "http://127.0.0.1:3000/channels/{channel}", RUN } = process.env;
const MINUTE_MS = 60_000; // some tests have to wait for a heartbeat

const UNDECIDED = ["inconclusive", "not-run", "n/a"];

async function decide(id, run) {
  const { outcome, detail } = await run(); // throws the full report if a requirement is violated
  // jest cannot skip a running test and counts it as passed: warn that it is not.
  if (UNDECIDED.includes(outcome)) console.warn(`${outcome}: ${id}: ${detail}`);
}

describe("Tidemark", () => {
  for (const { id, run } of serverTests({ url: TARGET, ...(RUN && { run: RUN.split(",") }) }))
    test.concurrent(id, () => decide(id, run), MINUTE_MS);
});
