import type { Log, LogDescription, OpenLogOptions } from "@tidemark/log";
import { MemoryLog } from "./memory-log.ts";

/** Open a new log. @throws RangeError unless the name is `memory` */
export async function openLog(name: string, options: OpenLogOptions): Promise<Log> {
  if (!/^(memory:?)?$/.test(name)) throw new RangeError(`Unknown log ${name}: expected memory`);
  return new MemoryLog(options);
}

/** See `LogPackage.describeLog`. */
export function describeLog(): LogDescription {
  return {
    isLasting: false,
    keeps: "messages are kept in memory, until the process ends (--log lmdb:directory keeps them on disk)",
  };
}
