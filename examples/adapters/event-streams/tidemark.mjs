// `readEventStream` of @tidemark/client-sse, for the suite of event stream clients:
//   npx @tidemark/conformance client --suite event-stream --adapter "node examples/adapters/event-streams/tidemark-stdio.mjs"
import { readEventStream } from "@tidemark/client-sse/event-stream";

/** The first line of the adapter. */
export const hello = {
  ...{ type: "hello", contract: 1, name: "@tidemark/client-sse", version: "0.1.0", language: "JavaScript" },
  ...{ mechanisms: ["event-stream"], capabilities: ["headers", "post", "silence"] },
};

/** Handlers of the orders; `read` is the client's function. */
export function createAdapter(tell, read = readEventStream) {
  const stops = new Map();
  async function open({ id, url, headers, body, options: { reconnectMs, silenceMs } }) {
    const stop = new AbortController();
    stops.set(id, stop);
    const waits = { retryDelayMs: (n) => Math.random() * Math.min(60_000, reconnectMs * 2 ** (n - 1)) };
    const events = read(url, {
      ...{ signal: stop.signal, headers, onRetry() {} },
      ...(body !== undefined && { method: "POST", body, repeat: true }),
      ...(reconnectMs !== undefined && waits),
      ...(silenceMs !== undefined && { silenceMs }),
    });
    let n = 0;
    for await (const { event, data } of events) {
      n += 1;
      tell({ type: "message", id, n, data, ...(event !== "message" && { event }) });
    }
    if (!stop.signal.aborted) tell({ type: "done", id });
  }
  return {
    open: (order) =>
      open(order).catch(({ status, message }) =>
        tell({ type: "error", id: order.id, terminal: true, status, detail: message }),
      ),
    close: ({ id }) => stops.get(id)?.abort(),
  };
}
