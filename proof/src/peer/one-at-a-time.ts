import { setTimeout as sleep } from "node:timers/promises";
import { ProtocolError } from "@tidemark/protocol";
import { logging } from "./change-log.ts";
import type { Parts } from "./parts.ts";

/** How long a publish with a key takes, in milliseconds. */
const UNDER_WAY_MS = 20;

/** Answer `in-progress` to a repetition of a publish that is still running, as a server may. */
export function oneAtATime(): Parts {
  const running = new Set<string>();
  return logging((log) => ({
    async append(channel, drafts, options = {}) {
      const name = options.key && `${channel} ${options.key.id}`;
      if (name === undefined) return log.append(channel, drafts, options);
      if (running.has(name))
        throw new ProtocolError("in-progress", "The first publish with this key is still running");
      running.add(name);
      try {
        await sleep(UNDER_WAY_MS);
        return await log.append(channel, drafts, options);
      } finally {
        running.delete(name);
      }
    },
  }));
}
