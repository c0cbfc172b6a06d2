// `launchdarkly-eventsource`, with the backoff, jitter and filter of errors that its README recommends.
import { createRequire } from "node:module";
import { serve, tell } from "../stdio.mjs";
import { createEventSourceAdapter, helloOf } from "./event-source.mjs";

const require = createRequire(import.meta.url);
const { EventSource } = require("launchdarkly-eventsource");
const { version } = require("launchdarkly-eventsource/package.json");

/** Retry temporary errors: no answer, 429 and 5xx. */
const errorFilter = ({ status }) => status === undefined || status === 429 || status >= 500;

// It can throw in a timer, for instance at an id that it cannot send: that must not end the other readings.
process.on("uncaughtException", ({ message }) => console.error(message));

tell(helloOf("launchdarkly-eventsource", version, ["headers", "post", "silence"]));
await serve(
  createEventSourceAdapter(
    tell,
    (url, { headers, body, options: { reconnectMs = 1_000, silenceMs = 30_000 } }) => {
      const backoff = { initialRetryDelayMillis: reconnectMs, maxBackoffMillis: 30_000, jitterRatio: 0.5 };
      return new EventSource(url, {
        ...{ headers, errorFilter, ...backoff, retryResetIntervalMillis: 60_000 },
        ...{ readTimeoutMillis: silenceMs, ...(body !== undefined && { method: "POST", body }) },
      });
    },
  ),
);
