// Runs each test of the suite as a uvu test. uvu runs tests one by one, so `ahead` starts the others early.
// Run it: TARGET='http://localhost:3000/channels/{channel}' node conformance.test.mjs
import { serverTests } from "@tidemark/conformance";
import { suite } from "uvu";

const { TARGET = "http://127.0.0.1:3000/channels/{channel}", RUN } = process.env;
const UNDECIDED = ["inconclusive", "not-run", "n/a"];
const tidemark = suite("Tidemark");

for (const { id, run } of serverTests({ url: TARGET, ahead: true, ...(RUN && { run: RUN.split(",") }) }))
  tidemark(id, async () => {
    const { outcome, detail } = await run(); // throws the full report if a requirement is violated
    // uvu cannot skip a running test and counts it as passed: warn that it is not.
    if (UNDECIDED.includes(outcome)) console.warn(`${outcome}: ${id}: ${detail}`);
  });

tidemark.run();
