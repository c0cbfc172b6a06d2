// WHATWG's cases for `EventSource` of which at least one differed, each with what WHATWG HTML prescribes.
import { noClock } from "../../../testing/clients/no-clock.ts";
import {
  type Answering,
  closing,
  end,
  foreign,
  hang,
  opening,
  resumed,
  scriptedOrigin,
  TIDEMARK,
} from "../../../testing/servers/scripted-origin.ts";
import { EventSource, type EventSourceOptions } from "../src/event-source.ts";

export type Protocol = "tidemark" | "any";

/** What a source does, and what WHATWG prescribes. */
export interface Case {
  readonly prescribed: unknown;
  readonly observe: (protocol: Protocol) => Promise<unknown>;
}

const { delay } = noClock();
const optionsOf = (protocol: Protocol): EventSourceOptions =>
  protocol === "any" ? { protocol, delay } : { delay, retryDelayMs: () => 1 };

/** The last answer, at which a source of this protocol closes. */
const last = (protocol: Protocol): Answering =>
  protocol === "any"
    ? (response) => {
        response.writeHead(204, {});
        response.end();
      }
    : resumed("P0", closing("P0"));

/** A stream of a server of this protocol. */
function stream(protocol: Protocol, text: string, type = "text/event-stream", then = end): Answering {
  return (response, asked) => {
    const isOurs = protocol === "tidemark" && type.startsWith("text/event-stream");
    response.writeHead(200, { "content-type": type, ...(isOurs && { tidemark: TIDEMARK }) });
    response.flushHeaders();
    if (text !== "") response.write((protocol === "tidemark" ? opening("P0") : "") + text);
    return then(response, asked);
  };
}

/** Type and state of the events until the source is closed; of messages, type and id. */
async function watch(protocol: Protocol, ...scripts: readonly Answering[]): Promise<unknown[][]> {
  const origin = await scriptedOrigin(...scripts, last(protocol));
  const source = new EventSource(origin.url, optionsOf(protocol));
  const events: unknown[][] = [];
  await new Promise<void>((resolve) => {
    for (const type of ["open", "message", "error"])
      source.addEventListener(type, ({ data, lastEventId }) => {
        events.push(data === undefined ? [type, source.readyState] : [type, lastEventId]);
        if (source.readyState === EventSource.CLOSED) resolve();
      });
  });
  await origin.close();
  return events;
}

/** The ids of a stream's messages. */
function ids(text: string, prescribed: readonly string[]): Case {
  const observe = async (protocol: Protocol) =>
    (await watch(protocol, stream(protocol, text)))
      .filter(([type]) => type === "message")
      .map(([, id]) => id);
  return { prescribed, observe };
}

const CLOSES = [["error", 2]];

function closesAt(script: (protocol: Protocol) => Answering): Case {
  return { prescribed: CLOSES, observe: (protocol) => watch(protocol, script(protocol)) };
}

/** The first event of a source for a URL that no request can be made to. */
function closesFor(url: string): Case {
  const observe = async (protocol: Protocol) => {
    const source = new EventSource(url, optionsOf(protocol));
    await new Promise((resolve) => source.addEventListener("error", resolve, { once: true }));
    return [["error", source.readyState]];
  };
  return { prescribed: CLOSES, observe };
}

/** What a source shows at its first message. */
function atMessage(prescribed: unknown, read: (event: MessageEvent, other: string) => unknown): Case {
  const observe = async (protocol: Protocol) => {
    const other = await scriptedOrigin(stream(protocol, "data: 1\nid: P1\n\n", undefined, hang));
    const origin = await scriptedOrigin((response, { query }) => {
      response.writeHead(307, { location: `${other.url}?${new URLSearchParams(query)}` });
      response.end();
    });
    const source = new EventSource(origin.url, optionsOf(protocol));
    const event = await new Promise<MessageEvent>((resolve) => {
      source.onmessage = resolve;
    });
    source.close();
    await Promise.all([origin.close(), other.close()]);
    return read(event, new URL(other.url).origin);
  };
  return { prescribed, observe };
}

async function thrownBy(protocol: Protocol): Promise<unknown> {
  try {
    return new EventSource("http://this is invalid/", optionsOf(protocol));
  } catch (error) {
    return [error instanceof DOMException, (error as Error).name];
  }
}

async function attributes(): Promise<unknown> {
  const names = ["url", "withCredentials", "readyState", "onopen", "onmessage", "onerror"];
  return names.filter((name) => !Object.getOwnPropertyDescriptor(EventSource.prototype, name)?.get);
}

async function order(protocol: Protocol): Promise<unknown> {
  const origin = await scriptedOrigin(stream(protocol, "data: 1\nid: P1\n\n", undefined, hang));
  const source = new EventSource(origin.url, optionsOf(protocol));
  const called: string[] = [];
  await new Promise<void>((resolve) => {
    source.onmessage = () => called.push("removed");
    source.addEventListener("message", () => called.push("listener"));
    source.onmessage = null;
    source.onmessage = () => resolve(void called.push("handler"));
  });
  source.close();
  await origin.close();
  return called;
}

/** How long a source waits after the end of a stream that set its reconnection time twice. */
async function reconnectionTime(protocol: Protocol): Promise<unknown> {
  const { delay, waits } = noClock();
  const text = "retry: 2000\nretry: 1000x\ndata: 1\nid: P1\n\n";
  const origin = await scriptedOrigin(stream(protocol, text), last(protocol));
  const source = new EventSource(origin.url, { ...optionsOf(protocol), delay });
  await new Promise<void>((resolve) => {
    source.onerror = () => source.readyState === EventSource.CLOSED && resolve();
  });
  await origin.close();
  return waits[0];
}

async function afterClose(protocol: Protocol): Promise<unknown> {
  const origin = await scriptedOrigin(stream(protocol, "data: 1\nid: P1\n\n", undefined, hang));
  const source = new EventSource(origin.url, optionsOf(protocol));
  const events: string[] = [];
  source.onmessage = () => void events.push("message");
  await new Promise<void>((resolve) => {
    source.onopen = () => resolve(source.close());
  });
  await origin.asked[0]?.gone;
  await origin.close();
  return events;
}

const data = "data: 1\n\n";

export const CASES: Readonly<Record<string, Case>> = {
  "an id of any text": ids("id: a b\ndata: 1\n\n", ["a b"]),
  "an id of characters beyond ASCII": ids("id: …\ndata: 1\n\n", ["…"]),
  "an empty id resets the last id": ids("id: P1\ndata: 1\n\nid:\ndata: 2\n\n", ["P1", ""]),
  "an id field without colon resets the last id": ids("id: P1\ndata: 1\n\nid\ndata: 2\n\n", ["P1", ""]),
  "an id with NUL is ignored": ids("id: P1\ndata: 1\n\nid: P\0\ndata: 2\n\n", ["P1", "P1"]),
  "a retry that is not digits is ignored": { prescribed: 2_000, observe: reconnectionTime },
  "media type without slash closes": closesAt((protocol) => stream(protocol, data, "x bogus")),
  "another media type closes": closesAt((protocol) => stream(protocol, data, "text/x-bogus")),
  "a longer media type closes": closesAt(() => stream("any", data, "text/event-streamx")),
  "a tab before the parameters of the media type": {
    prescribed: ["open", 1],
    observe: async (protocol) =>
      (await watch(protocol, stream(protocol, data, "text/event-stream\t;charset=utf-8")))[0],
  },
  "an invalid URL throws a SyntaxError": { prescribed: [true, "SyntaxError"], observe: thrownBy },
  "an ftp: URL closes": closesFor("ftp://localhost/"),
  "an about: URL closes": closesFor("about:blank"),
  "a mailto: URL closes": closesFor("mailto:a@localhost"),
  "a javascript: URL closes": closesFor("javascript:1"),
  "origin is that of the last redirect": atMessage(true, ({ origin }, other) => origin === other),
  "events are trusted": atMessage(true, ({ isTrusted }) => isTrusted),
  "the head alone opens": {
    prescribed: ["open", 1],
    observe: async (protocol) => (await watch(protocol, stream(protocol, "")))[0],
  },
  "attributes are accessors of the prototype": { prescribed: [], observe: attributes },
  "a handler keeps its place among the listeners": { prescribed: ["listener", "handler"], observe: order },
  "205 closes": closesAt(() => foreign(205)),
  "210 closes": closesAt(() => foreign(210)),
  "299 closes": closesAt(() => foreign(299)),
  "503 closes": closesAt(() => foreign(503)),
  "no event after close in a handler of open": { prescribed: [], observe: afterClose },
  "404 closes": closesAt(() => foreign(404)),
  "401 closes": closesAt(() => foreign(401)),
  "another media type after a stream closes": {
    prescribed: ["error", 2],
    observe: async (protocol) => {
      const text = "data: 1\nid: P1\n\n";
      const events = await watch(protocol, stream(protocol, text), foreign(200), stream(protocol, text));
      return events.filter(([type]) => type === "error")[1];
    },
  },
  "an id that no header can hold is sent": {
    prescribed: 2,
    observe: async (protocol) => {
      const text = `id: ${"P".repeat(5_000)}\ndata: 1\n\n`;
      const events = await watch(protocol, stream(protocol, text), stream(protocol, data));
      return events.filter(([type]) => type === "message").length;
    },
  },
};
