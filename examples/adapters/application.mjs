// The application code around a client that knows event streams, but nothing else of the protocol.

/** The URL for such a client: it asks for a stream, and says where to continue after a gap. */
export function streamUrl({ url, gap }) {
  const asked = new URL(url);
  asked.searchParams.set("stream", "1");
  if (gap !== undefined) asked.searchParams.set("gap", gap);
  return asked.href;
}

/** Parse JSON; pass on any other text unchanged, because such a client does not parse data itself. */
export function parse(data) {
  try {
    return JSON.parse(data);
  } catch (error) {
    if (error instanceof SyntaxError) return data;
    throw error;
  }
}

/** Report the events of one subscription as messages, and handle the `$` events as an application has to. */
export function createReader(tell, id, onClosed) {
  let n = 0;
  return ({ event = "", data, id: cursor }) => {
    if (event === "$closed") {
      tell({ type: "done", id });
      return onClosed();
    }
    if (event === "$open") {
      const { gap } = JSON.parse(data);
      if (gap !== undefined) tell({ type: "gap", id, reason: gap.reason });
    }
    if (event.startsWith("$")) return;
    n += 1;
    const name = event === "" || event === "message" ? undefined : event;
    tell({ type: "message", id, n, cursor, event: name, data: parse(data) });
  };
}
