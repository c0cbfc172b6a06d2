import type { Log, LogDescription, OpenLogOptions } from "@tidemark/log";
import { withoutUser } from "@tidemark/log/parts";
import { RedisLog } from "./redis-log.ts";

const FORM = /^rediss?(\+(sentinel|cluster))?:\/\//;

/** Open the log at a URL, as `tidemark serve --log redis://host:port` does. See `LogPackage.openLog`. */
export async function openLog(url: string, options: OpenLogOptions): Promise<Log> {
  const { maxChannels, maxBytes, create: _, ...rest } = options;
  if (!FORM.test(url)) throw new RangeError(`Unknown log ${withoutUser(url)}: expected redis://host:port`);
  if ((maxChannels ?? maxBytes) !== undefined)
    throw new RangeError(
      "This log does not support --max-channels and --max-bytes: set maxmemory of Redis instead",
    );
  return RedisLog.open(url, rest);
}

/** See `LogPackage.describeLog`. */
export function describeLog(url: string): LogDescription {
  return { isShared: true, keeps: `messages are kept in ${withoutUser(url)}` };
}
