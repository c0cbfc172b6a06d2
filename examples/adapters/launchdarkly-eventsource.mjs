// `launchdarkly-eventsource`, with the backoff, jitter, read timeout and filter of errors that its README recommends.
import { createRequire } from "node:module";
import { createEventSourceAdapter, eventSourceHello } from "./event-source-adapter.mjs";
import { serve, tell } from "./stdio.mjs";

const require = createRequire(import.meta.url);
const { EventSource } = require("launchdarkly-eventsource");
const { version } = require("launchdarkly-eventsource/package.json");

/** Two of the suite's usual heartbeats, because the library does not read the announced one. */
const READ_TIMEOUT_MS = 30_000;

/** Retry temporary errors: no answer, 429 and 5xx. */
const isPassing = ({ status }) => status === undefined || status === 429 || status >= 500;

tell(eventSourceHello("launchdarkly-eventsource", version, ["after", "headers"]));
await serve(
  createEventSourceAdapter(
    tell,
    (url, { after, headers, options }) =>
      new EventSource(url, {
        headers: { ...headers, ...(after === undefined ? {} : { "Last-Event-ID": after }) },
        initialRetryDelayMillis: options.reconnectMs ?? 1000,
        maxBackoffMillis: 30_000,
        retryResetIntervalMillis: 60_000,
        jitterRatio: 0.5,
        errorFilter: isPassing,
        readTimeoutMillis: READ_TIMEOUT_MS,
      }),
  ),
);
