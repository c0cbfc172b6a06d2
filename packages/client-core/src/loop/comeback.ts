/** Resolve when the network is back or the page is visible again; never on platforms without these events. */
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
