// Each test of the suite as a test of uvu, which runs one after another: `ahead` begins the others meanwhile.
// Run it: TARGET='http://localhost:3000/channels/{channel}' node conformance.test.mjs
import { serverTests } from "@tidemark/conformance";
import { suite } from "uvu";

const { TARGET = "http://127.0.0.1:3000/channels/{channel}", RUN } = process.env;
const UNDECIDED = ["inconclusive", "not-run", "n/a"];
const tidemark = suite("Tidemark");

for (const { id, run } of serverTests({ url: TARGET, ahead: true, ...(RUN && { run: RUN.split(",") }) }))
  tidemark(id, async () => {
    const { outcome, detail } = await run(); // throws with the whole report when a sentence is broken
    // uvu cannot skip a test that has begun: say what it counts as passed and is not.
    if (UNDECIDED.includes(outcome)) console.warn(`${outcome}: ${id}: ${detail}`);
  });

tidemark.run();
