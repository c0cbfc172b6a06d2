import { ProtocolError } from "@tidemark/protocol";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { createComplaint } from "./complain.ts";

test("what every channel meets is told in one line, and again after a while; what is a fault is told whole", () => {
  const said: string[] = [];
  let nowMs = 0;
  const complain = createComplaint(
    (text) => said.push(text),
    () => nowMs,
  );
  const away = new ProtocolError("unavailable", "The engine is away");
  for (nowMs = 0; nowMs < 20_000; nowMs += 1_000) complain(away);
  assert.equal(said, Array(2).fill("tidemark: [unavailable] The engine is away"));
  complain(new ProtocolError("storage-full", "Full"));
  complain(away);
  assert.is(said.length, 4, "another one is told at once");
  complain(new TypeError("a fault"));
  assert.match(said[4] ?? "", /TypeError: a fault\n\s+at /);
});

test.run();
