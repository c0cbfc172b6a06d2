import type { Log, LogDescription, OpenLogOptions } from "@tidemark/log";
import { withoutUser } from "@tidemark/log/parts";
import { NatsLog } from "./nats-log.ts";

/** Open the log at a URL, as `tidemark serve --log nats://host:port` does. See `LogPackage.openLog`. */
export async function openLog(url: string, options: OpenLogOptions): Promise<Log> {
  const { maxChannels, maxBytes, create: _, ...rest } = options;
  if ((maxChannels ?? maxBytes) !== undefined)
    throw new RangeError(
      "This log does not support --max-channels and --max-bytes: set max_file_store of NATS, or max_bytes of a stream instead",
    );
  return NatsLog.open(url.replace(/^nats\+tls:/, "tls:"), rest);
}

/** See `LogPackage.describeLog`. */
export function describeLog(url: string): LogDescription {
  return { isShared: true, keeps: `messages are kept in ${withoutUser(url)}` };
}
