// `reconnecting-eventsource` around `eventsource`, because it has no EventSource of its own.
import { readFileSync } from "node:fs";
import { EventSource } from "eventsource";
import ReconnectingEventSource from "reconnecting-eventsource";
import { serve, tell } from "../stdio.mjs";
import { createEventSourceAdapter, helloOf } from "./event-source.mjs";

const manifest = new URL("../node_modules/reconnecting-eventsource/package.json", import.meta.url);
const { version } = JSON.parse(readFileSync(manifest, "utf8"));

// Depending on how it is loaded, the default export is the class itself or a module that contains it.
const Reconnecting = ReconnectingEventSource.default ?? ReconnectingEventSource;

tell(helloOf("reconnecting-eventsource", version));
await serve(
  createEventSourceAdapter(
    tell,
    (url, { options: { reconnectMs = 3_000 } }) =>
      new Reconnecting(url, { eventSourceClass: EventSource, max_retry_time: reconnectMs }),
  ),
);
