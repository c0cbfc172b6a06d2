import { constants, createGzip, type Gzip } from "node:zlib";
import { type Behavior, type Kind, PLAIN, type Visit } from "../behavior.ts";
import type { StreamSubject } from "../subject.ts";

function fields(kind: Kind, change: Readonly<Record<string, string | undefined>>): Partial<Behavior> {
  return {
    head: (visit) => {
      const { status, fields } = PLAIN[kind].head(visit);
      const changed = Object.entries({ ...fields, ...change }).filter((pair) => pair[1] !== undefined);
      return { status, fields: Object.fromEntries(changed) as Record<string, string> };
    },
  };
}

/** Servers whose response begins in an unusual way. */
export const ODD_OPENING: readonly StreamSubject[] = [
  {
    id: "media-type-in-capitals",
    title: "writes its media type as `Text/Event-Stream`",
    kind: "history",
    changes: fields("history", { "Content-Type": "Text/Event-Stream" }),
  },
  {
    id: "charset-in-capitals",
    title: 'declares the charset `"UTF-8"`, and another parameter',
    kind: "history",
    changes: fields("history", { "Content-Type": 'text/event-stream;CHARSET="UTF-8" ; v=1' }),
  },
  {
    id: "speaks-http-1-0",
    title: "answers with HTTP/1.0, and ends a stream by closing the connection",
    kind: "history",
    changes: http10(),
  },
  {
    id: "run-over-http-1-0",
    title: "ends a run by closing the connection, because it speaks HTTP/1.0",
    kind: "run",
    changes: http10(),
  },
  {
    id: "gzip-with-flush",
    title: "compresses the stream if the client offers it, and flushes every event",
    kind: "history",
    changes: flushedGzip((accepted) => /gzip/.test(accepted)),
  },
  {
    id: "gzip-unless-refused",
    title: "compresses the stream unless the request accepts no coding, and flushes every event",
    kind: "history",
    changes: flushedGzip((accepted) => accepted !== "identity"),
  },
  {
    id: "may-not-be-reused-without-asking",
    title: "sends `no-cache` instead of `no-store`, and no `no-transform`",
    kind: "history",
    changes: fields("history", { "Cache-Control": "no-cache" }),
  },
  {
    id: "old-at-once",
    title: "sends `max-age=0, must-revalidate` instead of `no-store`",
    kind: "history",
    changes: fields("history", { "Cache-Control": "max-age=0, must-revalidate" }),
  },
  {
    id: "only-the-field-of-nginx",
    title: "asks nginx not to buffer, and does not know `Incremental`",
    kind: "live",
    changes: fields("live", { Incremental: undefined }),
  },
  {
    id: "only-incremental",
    title: "sends `Incremental`, and does not know nginx",
    kind: "live",
    changes: fields("live", { "X-Accel-Buffering": undefined }),
  },
  {
    id: "one-origin-only",
    title: "allows no other origins, and answers a preflight with 405",
    kind: "history",
    changes: {
      ...fields("history", { "Access-Control-Allow-Origin": undefined }),
      preflight: ({ res }) => res.writeHead(405).end(),
    },
  },
  {
    id: "refuses-head-requests",
    title: "answers HEAD with 405",
    kind: "history",
    changes: { hear: ({ res }) => res.writeHead(405, { Allow: "GET" }).end() },
  },
  {
    id: "redirects",
    title: "redirects to where the stream is",
    kind: "history",
    changes: {
      outer: ({ path, res }, next) => {
        if (path === "/stream") res.writeHead(307, { Location: "/stream/stream" }).end();
        else next();
      },
    },
  },
  {
    id: "refuses-the-sixth-reader",
    title: "serves five readers at a time, and refuses others with 429",
    kind: "history",
    changes: {
      outer: ({ open, res }, next) => {
        if (open.size >= 5) res.writeHead(429, { "Content-Type": "text/plain" }).end("too many\n");
        else next();
      },
    },
    suite: { thorough: true },
  },
  {
    id: "refuses-the-second-reader",
    title: "serves one reader at a time, and refuses others with 503",
    kind: "history",
    changes: {
      outer: ({ open, res }, next) => {
        const refused = { "Content-Type": "text/plain", "Retry-After": "5" };
        if (open.size >= 1) res.writeHead(503, refused).end("one reader at a time\n");
        else next();
      },
    },
  },
  {
    id: "refuses-http-2",
    title: "closes a connection that begins with the preface of HTTP/2",
    kind: "history",
    changes: {
      http2: (socket) => {
        socket.destroy();
        return true;
      },
    },
    suite: { thorough: true },
  },
];

function http10(): Partial<Behavior> {
  return {
    outer: ({ res }, next) => {
      res.useChunkedEncodingByDefault = false;
      res.shouldKeepAlive = false;
      next();
    },
    socket: (socket) => {
      const { write } = socket;
      socket.write = ((chunk: string | Uint8Array, ...rest: never[]) => {
        const isHead = typeof chunk === "string" && chunk.startsWith("HTTP/1.1");
        return write.call(socket, isHead ? chunk.replace("HTTP/1.1", "HTTP/1.0") : chunk, ...rest);
      }) as typeof write;
    },
  };
}

function flushedGzip(mayCode: (accepted: string) => boolean): Partial<Behavior> {
  const zips = new WeakMap<Visit["res"], Gzip>();
  const isOffered = ({ req }: Visit): boolean => mayCode(req.headers["accept-encoding"]?.toString() ?? "");
  return {
    head: (visit) => {
      const { status, fields } = PLAIN.history.head(visit);
      const coding = isOffered(visit) ? { "Content-Encoding": "gzip", Vary: "Accept-Encoding" } : {};
      return { status, fields: { ...fields, ...coding } };
    },
    encode: (text, visit) => {
      if (!isOffered(visit)) return [Buffer.from(text)];
      const { res } = visit;
      const zip = zips.get(res) ?? createGzip({ flush: constants.Z_SYNC_FLUSH });
      if (!zips.has(res)) zip.on("data", (bytes: Buffer) => res.writableEnded || res.write(bytes));
      zips.set(res, zip);
      zip.write(text);
      return [];
    },
  };
}
