// `eventsource-client`, with the capabilities that it has options for: headers, and a cursor to begin at.
import { createRequire } from "node:module";
import { createEventSource } from "eventsource-client";
import { createReader, streamUrl } from "./application.mjs";
import { eventSourceHello } from "./event-source-adapter.mjs";
import { serve, tell } from "./stdio.mjs";

const { version } = createRequire(import.meta.url)("eventsource-client/package.json");
const sources = new Map();

function open(order) {
  const { id, after, headers = {} } = order;
  const close = () => {
    sources.get(id)?.close();
    sources.delete(id);
  };
  const source = createEventSource({
    url: streamUrl(order),
    headers,
    ...(after === undefined ? {} : { initialLastEventId: after }),
    onMessage: createReader(tell, id, close),
    // It ends by itself only after 204, and sets `readyState` after this callback.
    onDisconnect: () =>
      queueMicrotask(() => {
        if (source.readyState === "closed" && sources.delete(id)) tell({ type: "done", id });
      }),
  });
  sources.set(id, source);
}

tell(eventSourceHello("eventsource-client", version, ["after", "headers"]));
await serve({
  open,
  close({ id }) {
    sources.get(id)?.close();
    sources.delete(id);
  },
});
