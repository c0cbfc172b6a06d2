import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  type Answering,
  closing,
  opening,
  scriptedOrigin,
  stream,
} from "../../../testing/servers/scripted-origin.ts";
import { subscribe } from "./index.ts";

/** Far more than the buffers of two sockets can hold. */
const TOTAL = 1_000;
const PAYLOAD = "x".repeat(64 * 1024);
const MAX_BUFFERED_BYTES = 24 * 1024 * 1024;

test("while the application does not read, nothing is read from the socket", async () => {
  let sent = 0;
  const flood: Answering = async (response) => {
    for (; sent < TOTAL; sent++) {
      const took = response.write(`data: "${PAYLOAD}"\nid: M${sent}\n\n`);
      if (!took) await new Promise<void>((resolve) => response.once("drain", resolve));
    }
    response.end(closing(`M${TOTAL - 1}`));
  };
  const origin = await scriptedOrigin(stream(opening("P0"), flood));
  const subscription = subscribe(origin.url);
  await subscription.next();
  // The flood has stopped if nothing is sent during many turns of the event loop.
  for (let [turns, last] = [0, -1]; turns < 2_000; turns = sent === last ? turns + 1 : 0) {
    last = sent;
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.ok(sent * PAYLOAD.length < MAX_BUFFERED_BYTES, `${sent} messages were sent without a reader`);
  let next = 1;
  for await (const { cursor } of subscription) assert.is(cursor, `M${next++}`);
  assert.is(next, TOTAL);
  await origin.close();
});

test.run();
