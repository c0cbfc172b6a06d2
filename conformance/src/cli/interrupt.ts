/** Exit codes of a process that a signal ended. */
const SIGNALS = { SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Aborts at the first SIGINT or SIGTERM, so that what was found is reported; the second ends the process at once.
 * When who reads the standard output has gone, it aborts too: channels are removed, and nobody waits.
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
