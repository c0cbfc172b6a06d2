// `reconnecting-eventsource` around `eventsource`, because it has no EventSource of its own.
// It resumes with its own query parameter; the class below renames it to the protocol's.
import { readFileSync } from "node:fs";
import { EventSource } from "eventsource";
import ReconnectingEventSource from "reconnecting-eventsource";
import { createEventSourceAdapter, eventSourceHello } from "./event-source-adapter.mjs";
import { serve, tell } from "./stdio.mjs";

const manifest = new URL("node_modules/reconnecting-eventsource/package.json", import.meta.url);
const { version } = JSON.parse(readFileSync(manifest, "utf8"));

// Depending on how it is loaded, the default export is the class itself or a module that contains it.
const Reconnecting = ReconnectingEventSource.default ?? ReconnectingEventSource;

class AfterEventSource extends EventSource {
  constructor(url, init) {
    const asked = new URL(url);
    const position = asked.searchParams.get("lastEventId");
    asked.searchParams.delete("lastEventId");
    if (position !== null) asked.searchParams.set("after", position);
    super(asked, init);
  }
}

tell(eventSourceHello("reconnecting-eventsource", version, ["after"]));
await serve(
  createEventSourceAdapter(
    tell,
    (url, { after, options }) =>
      new Reconnecting(url, {
        eventSourceClass: AfterEventSource,
        max_retry_time: options.reconnectMs ?? 3000,
        ...(after === undefined ? {} : { lastEventId: after }),
      }),
  ),
);
