import { test } from "uvu";
import * as assert from "uvu/assert";
import { Tally } from "./tally.ts";

test("a requirement that hardly any answer has shown is not verified", () => {
  const tally = new Tally();
  for (let count = 0; count < 19; count += 1) tally.judged("publish");
  assert.equal(tally.shown, []);
  tally.judged("publish");
  assert.equal(tally.shown, ["PUB-DONE-3"]);
  for (let count = 0; count < 20; count += 1) tally.judged("stream");
  assert.equal(tally.shown, ["CORE-CHANNEL-1", "CORE-POSITION-1", "CORE-MESSAGE-1", "PUB-DONE-3"]);
  assert.is(`${tally}`, "20 publish, 20 stream");
});

test.run();
