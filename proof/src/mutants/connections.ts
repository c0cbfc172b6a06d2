import type { Socket } from "node:net";
import { beforeHead } from "../peer/change-http.ts";
import type { Parts } from "../peer/parts.ts";
import type { Mutant } from "./mutant.ts";

/** Servers, and hops before them, that treat connections wrongly. */
export const connectionMutants: readonly Mutant[] = [
  {
    id: "kept-connection-repeats-its-first-page",
    title: "answers later reads on a connection with the first page that it sent there",
    breaks: ["CORE-POSITION-1"],
    ...repeatingFirstPages(),
  },
  {
    id: "refused-body-breaks-the-connection",
    title: "answers the request after a refused body with 400, as if the body were a request",
    breaks: ["CORE-CLAIM-3"],
    ...brokenByRefusals(),
  },
  {
    id: "chunks-for-http-1-0-streams",
    title: "sends streams in chunks to HTTP/1.0 clients too",
    breaks: ["SSE-STREAM-1"],
    ...beforeHead(({ req }, res) => {
      if (req.httpVersion === "1.0" && String(res.getHeader("content-type")).includes("event-stream"))
        res.setHeader("Transfer-Encoding", "chunked");
    }),
  },
  {
    id: "hop-cuts-silent-streams",
    title: "is behind a hop that cuts a stream after a second of silence, before its heartbeat",
    breaks: ["SSE-BEAT-1"],
    socket: cutting(/text\/event-stream/i, 1_000),
  },
  {
    id: "hop-cuts-long-holds",
    title: "is behind a hop that cuts a held request before the end of the longest wait",
    breaks: ["LP-WAIT-2"],
    socket: cuttingHolds(3_000),
  },
];

/** The first page of a connection answers its later reads too. */
function repeatingFirstPages(): Parts {
  const pages = new WeakMap<Socket, unknown>();
  return {
    outer: [
      async (ctx, next) => {
        await next();
        if (ctx.method !== "GET" || typeof ctx.body !== "string" || ctx.status !== 200) return;
        const first = pages.get(ctx.req.socket);
        if (first === undefined) pages.set(ctx.req.socket, ctx.body);
        else ctx.body = first;
      },
    ],
  };
}

function brokenByRefusals(): Parts {
  const broken = new WeakSet<Socket>();
  return {
    outer: [
      async (ctx, next) => {
        if (broken.has(ctx.req.socket)) {
          ctx.status = 400;
          ctx.body = "Bad Request";
          return;
        }
        await next();
        if (ctx.status === 415) broken.add(ctx.req.socket);
      },
    ],
  };
}

/** A hop that drops a connection whose answer matches once it has been silent for so long. */
function cutting(answer: RegExp, silentMs: number): (socket: Socket) => void {
  return (socket) => {
    let timer: NodeJS.Timeout | undefined;
    let isMatch = false;
    const write = socket.write.bind(socket) as (...args: unknown[]) => boolean;
    socket.write = (chunk: unknown, ...rest: unknown[]) => {
      isMatch ||= answer.test(String(chunk));
      clearTimeout(timer);
      if (isMatch) timer = setTimeout(() => socket.destroy(), silentMs);
      return write(chunk, ...rest);
    };
    socket.once("close", () => clearTimeout(timer));
  };
}

/** A hop that drops a connection on which no answer has come for so long. */
function cuttingHolds(limitMs: number): (socket: Socket) => void {
  return (socket) => {
    const timer = setTimeout(() => {
      if (socket.bytesWritten === 0) socket.destroy();
    }, limitMs);
    socket.once("close", () => clearTimeout(timer));
  };
}
