import type { ReadOptions } from "@tidemark/log";
import { MemoryLog } from "@tidemark/log-memory";

/** The in-memory log, large enough for every scenario; it counts its reads. */
export class CountedLog extends MemoryLog {
  reads = 0;

  constructor() {
    super({ retention: { maxMessages: 1_000_000, maxBytes: 1024 ** 3 }, maxChannels: 1_000_000 });
  }

  override read(channel: string, from: string, options: ReadOptions): ReturnType<MemoryLog["read"]> {
    this.reads += 1;
    return super.read(channel, from, options);
  }
}
