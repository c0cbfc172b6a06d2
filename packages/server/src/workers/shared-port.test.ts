import { test } from "uvu";
import * as assert from "uvu/assert";
import { SharedPort } from "./shared-port.ts";

test("while one worker holds the port that was found, the others get it by asking as it did", () => {
  const port = new SharedPort(0);
  assert.is(port.wanted, 0);
  assert.is(port.enter(4_001), true);
  assert.is(port.wanted, 0);
  assert.is(port.enter(4_001), true);
  port.leave();
  assert.is(port.wanted, 0);
});

test("once nobody holds it, it is asked for by its number", () => {
  const port = new SharedPort(0);
  port.enter(4_001);
  port.leave();
  assert.is(port.wanted, 4_001);
  assert.is(port.enter(4_002), false);
  assert.is(port.enter(4_001), true);
});

test.run();
