// An adapter for an EventSource of the platform's kind; what it has no way to do, it does not claim.
// The application does what the specification asks of one: it listens for `$closed`, and for the gap in `$open`.
import { createRequire } from "node:module";
import { EventSource } from "undici";
import { serve, tell } from "./stdio.mjs";

const { version } = createRequire(import.meta.url)("undici/package.json");
const sources = new Map();

function open({ id, url, gap }) {
  const asked = new URL(url);
  asked.searchParams.set("stream", "1");
  if (gap !== undefined) asked.searchParams.set("gap", gap);
  const source = new EventSource(asked);
  sources.set(id, source);
  let n = 0;
  const onMessage = ({ type, data, lastEventId }) => {
    n += 1;
    tell({
      type: "message",
      id,
      n,
      cursor: lastEventId,
      event: type === "message" ? undefined : type,
      data: parse(data),
    });
  };
  // An EventSource hands on only the names that were asked for: those of the suite.
  for (const name of ["message", "third", "x", "y", "yes", "second"])
    source.addEventListener(name, onMessage);
  source.addEventListener("$open", ({ data }) => {
    const told = JSON.parse(data).gap;
    if (told !== undefined) tell({ type: "gap", id, reason: told.reason });
  });
  source.addEventListener("$closed", () => {
    source.close();
    tell({ type: "done", id });
  });
  source.addEventListener("error", () => {
    if (source.readyState === EventSource.CLOSED && sources.delete(id))
      tell({ type: "error", id, terminal: true });
  });
}

/** What is no JSON is handed on as it is: an EventSource has no say in it. */
function parse(data) {
  try {
    return JSON.parse(data);
  } catch {
    return data;
  }
}

tell({
  type: "hello",
  contract: 1,
  name: "undici EventSource",
  version,
  language: "JavaScript",
  mechanisms: ["sse"],
  capabilities: ["gap-choice"],
});
await serve({
  open,
  close({ id }) {
    sources.get(id)?.close();
    sources.delete(id);
  },
});
