import type { Log, LogDescription, OpenLogOptions } from "@tidemark/log";
import { LmdbLog } from "./lmdb-log.ts";
import type { Durability } from "./store/lmdb-store.ts";

const FORM = /^(?:lmdb:)?([^?]+)(?:\?durability=(process|disk))?$/;

/** Open the log of a name, as `tidemark serve --log lmdb:directory` does. See `LogPackage.openLog`. */
export async function openLog(name: string, options: OpenLogOptions): Promise<Log> {
  const { directory, durability } = placeOf(name);
  return LmdbLog.open(directory, { ...options, durability });
}

/** See `LogPackage.describeLog`. */
export function describeLog(name: string): LogDescription {
  const { directory, durability } = placeOf(name);
  const survived = durability === "disk" ? "a power loss" : "kill -9, but not a power loss";
  return { keeps: `messages are kept in ${directory}, and survive ${survived} (--log memory keeps none)` };
}

/** The directory of a name. @throws RangeError for an invalid name */
export function placeOf(name: string): { readonly directory: string; readonly durability: Durability } {
  const [, directory, durability] = FORM.exec(name) ?? [];
  if (directory === undefined || directory === "lmdb:")
    throw new RangeError(`Unknown log ${name}: expected lmdb:directory, or lmdb:directory?durability=disk`);
  return { directory, durability: durability === "disk" ? "disk" : "process" };
}
