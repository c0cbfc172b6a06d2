/** Resolves when the network or the page comes back; never where the platform does not tell. */
export function comeback(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const { document } = globalThis;
    const back = (): void => {
      if (document?.visibilityState !== "hidden") resolve();
    };
    globalThis.addEventListener?.("online", back, { signal });
    document?.addEventListener("visibilitychange", back, { signal });
  });
}
