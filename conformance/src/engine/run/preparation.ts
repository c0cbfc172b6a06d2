import type { StartConfig } from "../config/target-config.ts";
import { parseDuration } from "../config/values.ts";
import { StartError, startTarget } from "../process/start-target.ts";
import type { RunOptions } from "./options.ts";
import { NoVerdict } from "./suite.ts";

/** How long a target may take to start, by default. */
const START_LIMIT_MS = 20_000;

/** Starts the target, if the configuration has a command for it. @param folder where the command runs */
export function preparation(
  target: { readonly start?: StartConfig; readonly insecure?: boolean },
  folder: string,
): RunOptions["prepare"] {
  const { start, insecure = false } = target;
  if (!start) return undefined;
  const timeoutMs = parseDuration(start.timeout ?? "") ?? START_LIMIT_MS;
  return async (signal) => {
    try {
      const { command, ready: readyUrl } = start;
      const { stop } = await startTarget({ command, cwd: folder, readyUrl, timeoutMs, insecure, signal });
      return stop;
    } catch (error) {
      if (error instanceof StartError) throw new NoVerdict(error.message);
      throw error;
    }
  };
}
