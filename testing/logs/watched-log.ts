// The log in memory, with counts of its calls, and with the faults that a real log can have.
import type { ReadOptions, Unwatch } from "@tidemark/log";
import { MemoryLog } from "@tidemark/log-memory";
import { type Position, ProtocolError, type RawPage } from "@tidemark/protocol";

export class WatchedLog extends MemoryLog {
  watches = 0;
  reads = 0;
  /** While true, changes cause no wake-ups. */
  deaf = false;
  /** While true, reads fail. */
  down = false;
  /** Reads wait for this. */
  gate: Promise<void> = Promise.resolve();

  override async watch(channel: string, wake: () => void): Promise<Unwatch> {
    this.watches += 1;
    const unwatch = await super.watch(channel, () => this.deaf || wake());
    let ended = false;
    return async () => {
      if (!ended) this.watches -= 1;
      ended = true;
      await unwatch();
    };
  }

  override async read(channel: string, from: Position, options: ReadOptions): Promise<RawPage> {
    this.reads += 1;
    await this.gate;
    if (this.down) throw new ProtocolError("unavailable", "The log is down for the test");
    return super.read(channel, from, options);
  }
}
