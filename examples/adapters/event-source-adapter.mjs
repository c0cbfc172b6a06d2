// One adapter for all clients with the interface of `EventSource`.
// It does what the specification requires of an application: it listens for `$closed`, and for the gap in `$open`.
import { parse, streamUrl } from "./application.mjs";

const CLOSED = 2;

/** The suite's event names: an EventSource dispatches only events that have a listener. */
const NAMES = ["message", "third", "x", "y", "yes", "second"];

/** Handlers of the orders; `make` creates the client's EventSource from a URL and the order. */
export function createEventSourceAdapter(tell, make) {
  const sources = new Map();

  function open(order) {
    const { id } = order;
    const source = make(streamUrl(order), order);
    let n = 0;
    const onMessage = ({ type, data, lastEventId: cursor }) => {
      n += 1;
      const event = type === "message" ? undefined : type;
      tell({ type: "message", id, n, cursor, event, data: parse(data) });
    };
    sources.set(id, source);
    for (const name of NAMES) source.addEventListener(name, onMessage);
    source.addEventListener("$open", ({ data }) => {
      const { gap } = JSON.parse(data);
      if (gap !== undefined) tell({ type: "gap", id, reason: gap.reason });
    });
    source.addEventListener("$closed", () => {
      sources.delete(id);
      source.close();
      tell({ type: "done", id });
    });
    const onError = ({ status, code }) => {
      if (source.readyState === CLOSED && sources.delete(id))
        tell({ type: "error", id, terminal: true, status: status ?? code });
    };
    // Some classes report errors to `onerror`, others to listeners.
    if (source.onerror === undefined || source.onerror === null) source.addEventListener("error", onError);
    else source.onerror = onError;
    source.addEventListener("closed", onError);
  }

  return {
    open,
    close({ id }) {
      const source = sources.get(id);
      sources.delete(id);
      source?.close();
    },
  };
}

/** The first line of an adapter around an EventSource. */
export const eventSourceHello = (name, version, capabilities = []) => ({
  type: "hello",
  contract: 1,
  name,
  version,
  language: "JavaScript",
  mechanisms: ["sse"],
  capabilities: ["gap-choice", ...capabilities],
});
