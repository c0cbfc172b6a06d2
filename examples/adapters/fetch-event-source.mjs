// `@microsoft/fetch-event-source`, used as its README shows: it retries temporary errors and ends on fatal ones.
// It is made for pages, so this file defines the globals of a page that it uses.
import { createRequire } from "node:module";
import { createReader, streamUrl } from "./application.mjs";
import { eventSourceHello } from "./event-source-adapter.mjs";
import { serve, tell } from "./stdio.mjs";

const ignore = () => undefined;
globalThis.window = globalThis;
globalThis.document = { hidden: false, addEventListener: ignore, removeEventListener: ignore };

const require = createRequire(import.meta.url);
const { fetchEventSource, EventStreamContentType } = require("@microsoft/fetch-event-source");
const { version } = require("@microsoft/fetch-event-source/package.json");

class FatalError extends Error {
  constructor(response) {
    super(`answered ${response.status}`);
    this.status = response.status;
  }
}

/** The README's `onopen`. */
async function onopen(response) {
  if (response.ok && response.headers.get("content-type")?.startsWith(EventStreamContentType)) return;
  if (response.status >= 400 && response.status < 500 && response.status !== 429)
    throw new FatalError(response);
  throw new Error(`answered ${response.status}`);
}

const readings = new Map();

function open(order) {
  const { id, after, headers } = order;
  const controller = new AbortController();
  readings.set(id, controller);
  fetchEventSource(streamUrl(order), {
    signal: controller.signal,
    openWhenHidden: true,
    headers: { ...headers, ...(after === undefined ? {} : { "last-event-id": after }) },
    onopen,
    onmessage: createReader(tell, id, () => controller.abort()),
    onclose() {
      throw new Error("the server closed the stream; go on"); // as its README does
    },
    onerror(error) {
      if (error instanceof FatalError) throw error;
    },
  }).catch((error) =>
    tell({ type: "error", id, terminal: true, status: error.status, detail: String(error) }),
  );
}

tell(eventSourceHello("@microsoft/fetch-event-source", version, ["after", "headers"]));
await serve({ open, close: ({ id }) => readings.get(id)?.abort() });
