import * as assert from "uvu/assert";
import type { NatsServer } from "../../../testing/engines/nats-server.ts";
import { dataAfter, drafts } from "../../log/test/steps.ts";
import { NatsLog } from "../src/nats-log.ts";
import { natsHarness, type OpenLog } from "./harness.ts";

/**
 * Recreate the stream of a log that has just appended, with another record at the number of its last one. The
 * next append goes after the existing record, and no reader gets a gap.
 */
export async function madeAnew(server: NatsServer, open: OpenLog = NatsLog.open): Promise<void> {
  const subject = await natsHarness(server, { open }).create();
  try {
    const { log } = subject;
    for (const texts of [[1], [2, 3, 4]]) await log.append("news", drafts(...texts));
    await subject.lose?.("news", 2);
    await log.append("news", drafts(5));
    assert.equal(await dataAfter(log, "news"), ["1", "2", "5"]);
  } finally {
    await subject.dispose?.();
  }
}
