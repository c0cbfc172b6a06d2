// Append 1 MB to one channel after another until the log rejects it. Print the problem code and the number of
// appends.
import { ProtocolError } from "@tidemark/protocol";
import { MemoryLog } from "../src/index.ts";

const log = new MemoryLog();
for (let count = 0; ; count += 1) {
  try {
    await log.append(`channel ${count}`, [{ json: JSON.stringify("x".repeat(1_000_000) + count) }]);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    console.log(`${error.code} after ${count}`);
    break;
  }
}
