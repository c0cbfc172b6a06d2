// `@microsoft/fetch-event-source`, with the callbacks of its README: it ends on refusals other than 429 and 5xx.
// It is made for pages, so this file defines the globals of a page that it uses.
import { createRequire } from "node:module";
import { serve, tell } from "../stdio.mjs";
import { helloOf } from "./event-source.mjs";

const ignore = () => undefined;
globalThis.window = globalThis;
globalThis.document = { hidden: false, addEventListener: ignore, removeEventListener: ignore };
const require = createRequire(import.meta.url);
const { fetchEventSource, EventStreamContentType } = require("@microsoft/fetch-event-source");
const { version } = require("@microsoft/fetch-event-source/package.json");

class FatalError extends Error {}

async function onopen({ ok, status, headers }) {
  if (ok && headers.get("content-type")?.startsWith(EventStreamContentType)) return;
  throw status >= 400 && status < 500 && status !== 429
    ? new FatalError(`${status}`)
    : new Error(`${status}`);
}
function onclose() {
  throw new Error("the server closed the stream; go on"); // as its README does
}
function onerror(error) {
  if (error instanceof FatalError) throw error;
}

const stops = new Map();
function open({ id, url, headers, body }) {
  const stop = new AbortController();
  stops.set(id, stop);
  let n = 0;
  const onmessage = ({ event, data }) => tell({ type: "message", id, n: ++n, data, ...(event && { event }) });
  const sent = { headers: { ...headers }, ...(body !== undefined && { method: "POST", body }) };
  const how = { signal: stop.signal, openWhenHidden: true, onopen, onmessage, onclose, onerror };
  fetchEventSource(url, { ...sent, ...how }).catch(() => tell({ type: "error", id, terminal: true }));
}
tell(helloOf("@microsoft/fetch-event-source", version, ["headers", "post"]));
await serve({ open, close: ({ id }) => stops.get(id)?.abort() });
