// One adapter for all clients with the interface of `EventSource`; `make` creates one from a URL and the order.
const CLOSED = 2;

/** The suite's event names: an EventSource dispatches only events that have a listener. */
const NAMES = ["message", "x", "y"];

export const helloOf = (name, version, capabilities = []) => ({
  ...{ type: "hello", contract: 1, name, version, language: "JavaScript" },
  ...{ mechanisms: ["event-stream"], capabilities },
});

export function createEventSourceAdapter(tell, make) {
  const sources = new Map();
  function open(order) {
    const { id, url } = order;
    const source = make(url, order);
    let n = 0;
    const onMessage = ({ type, data }) => {
      n += 1;
      tell({ type: "message", id, n, data, ...(type !== "message" && { event: type }) });
    };
    for (const name of NAMES) source.addEventListener(name, onMessage);
    const onError = ({ status, code }) => {
      if (source.readyState === CLOSED && sources.delete(id))
        tell({ type: "error", id, terminal: true, status: status ?? code });
    };
    sources.set(id, source);
    // Some classes report errors to `onerror`, others to listeners.
    if (source.onerror === undefined || source.onerror === null) source.addEventListener("error", onError);
    else source.onerror = onError;
    source.addEventListener("closed", onError);
  }
  function close({ id }) {
    sources.get(id)?.close();
    sources.delete(id);
  }
  return { open, close };
}
