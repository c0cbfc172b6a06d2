/** What the browser adds to the size of a body for the head of the answer (Resource Timing, "transferSize"). */
const HEAD_BYTES = 300;

/** The times of one resource; `responseEnd` and the sizes are 0 if the server does not reveal them to the page. */
interface Timing {
  readonly name: string;
  readonly transferSize: number;
}

/**
 * Report the size of each finished answer of these URLs as it came over the network. A page that was revalidated with
 * `304` looks like a whole answer to `fetch`, but has no body on the network: only the browser knows. Returns the
 * function that stops it.
 */
export function watchSizes(prefix: string, report: (bytes: number) => void): () => void {
  const observer = new PerformanceObserver((list) => {
    for (const { name, transferSize } of list.getEntries() as unknown as Timing[])
      if (name.startsWith(prefix)) report(Math.max(0, transferSize - HEAD_BYTES));
  });
  observer.observe({ type: "resource" });
  // Observers get every entry. The browser's own list would only grow.
  performance.setResourceTimingBufferSize(0);
  return () => observer.disconnect();
}
