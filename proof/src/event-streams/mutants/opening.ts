import type { Socket } from "node:net";
import { constants, createGzip, type Gzip, gzipSync } from "node:zlib";
import type { Behavior, Kind, Visit } from "../behavior.ts";
import { PLAIN } from "../behavior.ts";
import type { StreamMutant } from "../subject.ts";

/** The head without some fields, and with others. */
function fields(kind: Kind, change: Readonly<Record<string, string | undefined>>): Partial<Behavior> {
  return {
    head: (visit) => {
      const { status, fields } = PLAIN[kind].head(visit);
      const changed = Object.entries({ ...fields, ...change }).filter((pair) => pair[1] !== undefined);
      return { status, fields: Object.fromEntries(changed) as Record<string, string> };
    },
  };
}

/** A preflight whose answer allows these fields. */
function allows(names: string): Partial<Behavior> {
  const cors = { "Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": names };
  return { preflight: ({ res }) => res.writeHead(204, cors).end() };
}

/** One HEADERS frame of HTTP/2 that has a connection field, which Node refuses to send. */
function answerWithConnection(socket: Socket): boolean {
  socket.resume();
  socket.once("data", () => undefined);
  const literal = (name: string, value: string): Buffer =>
    Buffer.concat([
      Buffer.from([0, name.length]),
      Buffer.from(name),
      Buffer.from([value.length]),
      Buffer.from(value),
    ]);
  const block = Buffer.concat([
    Buffer.from([0x88]), // :status 200
    literal("content-type", "text/event-stream"),
    literal("connection", "keep-alive"),
  ]);
  const frame = (type: number, flags: number, stream: number, body: Buffer): Buffer => {
    const head = Buffer.alloc(9);
    head.writeUIntBE(body.length, 0, 3);
    head.writeUInt8(type, 3);
    head.writeUInt8(flags, 4);
    head.writeUInt32BE(stream, 5);
    return Buffer.concat([head, body]);
  };
  socket.write(Buffer.concat([frame(4, 0, 0, Buffer.alloc(0)), frame(4, 1, 0, Buffer.alloc(0))]));
  const answer = (): boolean =>
    socket.write(
      Buffer.concat([frame(1, 4, 1, block), frame(0, 0, 1, Buffer.from(": hello\n\ndata: 1\n\n"))]),
    );
  setTimeout(() => socket.destroyed || answer(), 200);
  return true;
}

const isOld = ({ req }: Visit): boolean => req.httpVersion === "1.0";

/** Servers whose response begins in a wrong way. */
export const OPENING: readonly StreamMutant[] = [
  {
    id: "typed-as-text",
    title: "sends the stream as text/plain",
    kind: "history",
    changes: fields("history", { "Content-Type": "text/plain" }),
    breaks: ["ES-OPEN-1"],
  },
  {
    id: "status-201",
    title: "opens the stream with 201",
    kind: "live",
    changes: { head: (visit) => ({ ...PLAIN.live.head(visit), status: 201 }) },
    breaks: ["ES-OPEN-1"],
  },
  {
    id: "charset-latin-1",
    title: "declares the charset iso-8859-1",
    kind: "live",
    changes: fields("live", { "Content-Type": "text/event-stream; charset=iso-8859-1" }),
    breaks: ["ES-OPEN-2"],
  },
  {
    id: "head-waits-for-an-event",
    title: "sends the head of the response only with the first event",
    kind: "history",
    changes: { everyMs: 6_000, beatMs: null, opening: () => "", flushes: false },
    breaks: ["ES-OPEN-4"],
  },
  {
    id: "no-byte-until-an-event",
    title: "sends the head at once, but no byte until the first event",
    kind: "history",
    changes: { everyMs: null, opening: () => "", beatMs: 8_000 },
    breaks: ["ES-OPEN-5"],
  },
  {
    id: "content-length",
    title: "declares a length for a stream that has none",
    kind: "live",
    changes: fields("live", { "Content-Length": "1000000000" }),
    breaks: ["ES-OPEN-6"],
  },
  {
    id: "chunked-for-http-1-0",
    title: "sends chunks to a client of HTTP/1.0",
    kind: "history",
    changes: {
      head: (visit) => {
        const { status, fields } = PLAIN.history.head(visit);
        return { status, fields: { ...fields, ...(isOld(visit) ? { "Transfer-Encoding": "chunked" } : {}) } };
      },
    },
    suite: { thorough: true },
    breaks: ["ES-OPEN-7"],
  },
  {
    id: "connection-field-on-http-2",
    title: "sends Connection over HTTP/2",
    kind: "history",
    changes: { http2: answerWithConnection },
    suite: { thorough: true },
    breaks: ["ES-OPEN-8"],
  },
  {
    id: "http-2-stops-the-server",
    title: "stops when it gets a request of HTTP/2",
    kind: "history",
    changes: {
      http2: (_, stop) => {
        stop();
        return true;
      },
    },
    suite: { thorough: true },
    breaks: ["ES-OPEN-9"],
  },
  {
    id: "coding-without-a-name",
    title: "declares the content coding utf-8",
    kind: "live",
    changes: fields("live", { "Content-Encoding": "utf-8" }),
    breaks: ["ES-OPEN-10"],
  },
  {
    id: "gzip-in-blocks",
    title: "compresses sixty events at a time, so that each arrives late",
    kind: "history",
    changes: gzipInBlocks(),
    breaks: ["ES-OPEN-11"],
  },
  {
    id: "gzip-for-everybody",
    title: "compresses the stream for clients that did not offer to decode it",
    kind: "live",
    changes: gzipForEverybody(),
    breaks: ["ES-OPEN-10"],
  },
  {
    id: "content-for-head",
    title: "answers HEAD with a body",
    kind: "history",
    changes: {
      hear: ({ req }) => {
        const head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n";
        req.socket.end(`${head}: a comment\n\ndata: an event\n\n`);
      },
    },
    breaks: ["ES-OPEN-12"],
  },
  {
    id: "head-request-hangs",
    title: "answers HEAD with a stream that never ends",
    kind: "history",
    changes: { hear: () => undefined },
    breaks: ["ES-OPEN-13"],
  },
  {
    id: "may-be-stored",
    title: "lets caches keep the stream for an hour",
    kind: "live",
    changes: fields("live", { "Cache-Control": "public, max-age=3600" }),
    breaks: ["ES-OPEN-14"],
  },
  {
    id: "one-field-is-not-reused",
    title: "forbids caches to reuse one field without asking, and not the stream",
    kind: "live",
    changes: fields("live", { "Cache-Control": 'no-cache="set-cookie", max-age=3600' }),
    breaks: ["ES-OPEN-14"],
  },
  {
    id: "proxies-may-buffer",
    title: "does not tell proxies to leave the stream unbuffered",
    kind: "live",
    changes: fields("live", { "X-Accel-Buffering": undefined, Incremental: undefined }),
    breaks: ["ES-OPEN-15"],
  },
  {
    id: "preflight-refuses-the-id",
    title: "allows other origins, but not Last-Event-ID",
    kind: "history",
    changes: allows("Content-Type"),
    breaks: ["ES-OPEN-18"],
  },
  {
    id: "preflight-is-405",
    title: "allows other origins, but answers a preflight with 405",
    kind: "history",
    changes: { preflight: ({ res }) => res.writeHead(405).end() },
    breaks: ["ES-OPEN-18"],
  },
  {
    id: "error-as-a-stream",
    title: "says with 200, in an event of a stream that then ends, that it cannot serve the request",
    kind: "live",
    changes: {
      plan: () => ({ entries: [{ event: "error", data: JSON.stringify({ error: "not allowed" }) }] }),
      join: ({ res }) => res.end(),
    },
    breaks: ["ES-OPEN-3"],
    collateral: ["ES-END-3"],
  },
  {
    id: "failure-is-a-stream",
    title: "answers an unknown id with 200 and a stream that ends at once",
    kind: "history",
    changes: {
      plan: (visit) => {
        const plan = PLAIN.history.plan(visit);
        return "status" in plan ? { entries: [] } : plan;
      },
      join: (visit, follow) => {
        const isUnknown = visit.lastId !== undefined && visit.feed.after(visit.lastId) === undefined;
        if (isUnknown) visit.res.end();
        else follow();
      },
    },
    breaks: ["ES-RESUME-8"],
  },
];

function gzipForEverybody(): Partial<Behavior> {
  const { head } = fields("live", { "Content-Encoding": "gzip" });
  const zips = new WeakMap<Visit["res"], Gzip>();
  return {
    ...(head ? { head } : {}),
    encode: (text, { res }) => {
      const zip = zips.get(res) ?? createGzip({ flush: constants.Z_SYNC_FLUSH });
      if (!zips.has(res)) zip.on("data", (bytes: Buffer) => res.writableEnded || res.write(bytes));
      zips.set(res, zip);
      zip.write(text);
      return [];
    },
  };
}

function gzipInBlocks(): Partial<Behavior> {
  const held = new WeakMap<Visit["res"], string[]>();
  return {
    head: (visit) => {
      const { status, fields } = PLAIN.history.head(visit);
      const isOffered = /gzip/.test(visit.req.headers["accept-encoding"]?.toString() ?? "");
      return { status, fields: isOffered ? { ...fields, "Content-Encoding": "gzip" } : fields };
    },
    encode: (text, { req, res }) => {
      if (!/gzip/.test(req.headers["accept-encoding"]?.toString() ?? "")) return [Buffer.from(text)];
      const texts = [...(held.get(res) ?? []), text];
      held.set(res, texts.length < 60 ? texts : []);
      return texts.length < 60 ? [] : [gzipSync(texts.join(""))];
    },
  };
}
