// `eventsource`, with request headers set through its `fetch` option, as its README shows.
import { createRequire } from "node:module";
import { EventSource } from "eventsource";
import { createEventSourceAdapter, eventSourceHello } from "./event-source-adapter.mjs";
import { serve, tell } from "./stdio.mjs";

const { version } = createRequire(import.meta.url)("eventsource/package.json");

const withHeaders = (headers) => (input, init) =>
  fetch(input, { ...init, headers: { ...init.headers, ...headers } });

tell(eventSourceHello("eventsource", version, ["headers"]));
await serve(
  createEventSourceAdapter(tell, (url, { headers }) => new EventSource(url, { fetch: withHeaders(headers) })),
);
