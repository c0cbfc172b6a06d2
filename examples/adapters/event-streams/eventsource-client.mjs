// `eventsource-client`, with the options that it has: headers, method and body.
import { createRequire } from "node:module";
import { createEventSource } from "eventsource-client";
import { serve, tell } from "../stdio.mjs";
import { helloOf } from "./event-source.mjs";

const { version } = createRequire(import.meta.url)("eventsource-client/package.json");
const sources = new Map();

function open({ id, url, headers = {}, body }) {
  let n = 0;
  const source = createEventSource({
    ...{ url, headers, ...(body !== undefined && { method: "POST", body }) },
    onMessage({ event, data }) {
      n += 1;
      tell({ type: "message", id, n, data, ...(event !== undefined && event !== "message" && { event }) });
    },
    // It ends by itself only after 204, and sets `readyState` after this callback.
    onDisconnect: () =>
      queueMicrotask(() => {
        if (source.readyState === "closed" && sources.delete(id)) tell({ type: "done", id });
      }),
  });
  sources.set(id, source);
}

function close({ id }) {
  sources.get(id)?.close();
  sources.delete(id);
}

tell(helloOf("eventsource-client", version, ["headers", "post"]));
await serve({ open, close });
