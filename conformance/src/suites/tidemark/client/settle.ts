/** Something that calls a function whenever it changes, until the returned function is called. */
interface Watchable {
  watch(look: () => void): () => void;
}

/** Resolve once `isOver` holds after a change of one of the sources, after `limitMs`, or when `signal` aborts. */
export async function settle(
  isOver: () => boolean,
  sources: readonly Watchable[],
  limitMs: number,
  signal: AbortSignal,
): Promise<void> {
  await new Promise<void>((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      for (const stop of stops) stop();
      signal.removeEventListener("abort", end);
      resolve();
    };
    const look = (): void => {
      if (isOver()) end();
    };
    const timer = setTimeout(end, limitMs);
    const stops = sources.map((source) => source.watch(look));
    signal.addEventListener("abort", end, { once: true });
  });
}
