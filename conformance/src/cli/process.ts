import type { Command } from "commander";
import { ConfigError } from "../engine/config/source-file.ts";

/** Report a mistake of the user, a `ConfigError`, with its message and exit code 2. */
export async function asUsage<T>(command: Command, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof ConfigError) command.error(`error: ${error.message}`);
    throw error;
  }
}

/** The exit codes of a process that was ended by a signal. */
const SIGNALS = { SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Abort at the first SIGINT or SIGTERM, so that the results so far are reported; the second signal exits at
 * once. Abort also when the reader of standard output has gone: channels are removed, and the run ends.
 */
export function onInterrupt(): { readonly signal: AbortSignal; off(): void } {
  const interrupt = new AbortController();
  const listeners = Object.entries(SIGNALS).map(([signal, code]) => {
    const listener = (): void => {
      if (interrupt.signal.aborted) process.exit(code);
      interrupt.abort();
    };
    process.on(signal, listener);
    return () => process.off(signal, listener);
  });
  const readerIsGone = (): void => interrupt.abort();
  process.stdout.on("error", readerIsGone);
  return {
    signal: interrupt.signal,
    off(): void {
      for (const off of listeners) off();
      process.stdout.off("error", readerIsGone);
    },
  };
}
