// What any application does around a client that knows of event streams, and of nothing else of the protocol.

/** The URL that an application gives to such a client: it asks for a stream, and says what to do about gaps. */
export function streamUrl({ url, gap }) {
  const asked = new URL(url);
  asked.searchParams.set("stream", "1");
  if (gap !== undefined) asked.searchParams.set("gap", gap);
  return asked.href;
}

/** What is no JSON is handed on as it is: such a client has no say in it. */
export function parse(data) {
  try {
    return JSON.parse(data);
  } catch (error) {
    if (error instanceof SyntaxError) return data;
    throw error;
  }
}

/** Hand on the events of one reading as messages, and do what the control events ask of an application. */
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
