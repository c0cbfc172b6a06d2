// `eventsource`, with request headers set through its `fetch` option, as its README shows.
import { createRequire } from "node:module";
import { EventSource } from "eventsource";
import { serve, tell } from "../stdio.mjs";
import { createEventSourceAdapter, helloOf } from "./event-source.mjs";

const { version } = createRequire(import.meta.url)("eventsource/package.json");

const withHeaders = (headers) => (input, init) =>
  fetch(input, { ...init, headers: { ...init.headers, ...headers } });

tell(helloOf("eventsource", version, ["headers"]));
await serve(
  createEventSourceAdapter(tell, (url, { headers }) => new EventSource(url, { fetch: withHeaders(headers) })),
);
