import { Buffer } from "node:buffer";
import { createServer, IncomingMessage, type RequestListener, type Server } from "node:http";
import type { Socket } from "node:net";
import { inTurn, pipelineOf } from "./in-turn.ts";

/** The most requests of one connection that are read before an earlier one has its answer. */
const MAX_WAITING = 16;

/** A connection with that many requests is cut if it takes no bytes of its answers for this time, in milliseconds. */
const UNREAD_MS = 60_000;

const STOPS = Symbol("stops");
const ASKED = Symbol("asked");

/**
 * A request whose `upgrade` is true if its connection already has {@link MAX_WAITING} requests waiting. This makes
 * Node's parser stop after the head of this request and hand over the bytes that follow. A real `Upgrade` is not
 * offered, and is ignored.
 */
class BoundedMessage extends IncomingMessage {
  declare [STOPS]: boolean;
  declare [ASKED]: boolean | null;

  get upgrade(): boolean {
    return this[STOPS] || (this[ASKED] === true && this.method === "CONNECT");
  }

  /** The parser sets this before the request counts as waiting, so this is the moment to check the limit. */
  set upgrade(asked: boolean | null) {
    this[STOPS] = isFull(this.socket);
    this[ASKED] = asked;
  }
}

function isFull(socket: Socket): boolean {
  return (pipelineOf(socket)?.waiting ?? 0) >= MAX_WAITING;
}

/**
 * A server of `node:http` that answers the requests of each connection one after the other, and reads at most 16
 * requests ahead of the answers that the client has taken. So neither a flood of pipelined requests nor a client that
 * never reads can delay others or fill the memory. Upgrades are not offered.
 */
export function createBoundedServer(listener: RequestListener): Server {
  const held = new Set<Socket>();
  const server = createServer({ IncomingMessage: BoundedMessage }, (req, res) =>
    inTurn(req, res, () => listener(req, res)),
  );
  server.on("upgrade", (req, socket, rest) => hold(server, held, req, socket as Socket, rest));
  const { closeAllConnections } = server;
  server.closeAllConnections = () => {
    for (const socket of held) socket.destroy();
    closeAllConnections.call(server);
  };
  return server;
}

/** Stop reading from a connection until all requests read so far are answered; then continue with the rest. */
function hold(server: Server, held: Set<Socket>, req: IncomingMessage, socket: Socket, rest: Buffer): void {
  const newest = pipelineOf(socket)?.newest;
  if (newest === undefined) return void socket.destroy();
  const fail = (): unknown => socket.destroy();
  const wait = (): void => undefined;
  const expire = (): unknown => socket.writableLength > 0 && socket.destroy();
  const forget = (): unknown => held.delete(socket);
  held.add(socket);
  // A `readable` listener leaves incoming bytes in the socket's own bounded buffer.
  socket
    .on("readable", wait)
    .on("error", fail)
    .on("timeout", expire)
    .on("close", forget)
    .setTimeout(UNREAD_MS);
  newest.once("close", () => {
    forget();
    if (socket.destroyed || !socket.writable) return;
    socket.off("readable", wait).off("error", fail).off("timeout", expire).off("close", forget);
    socket.setTimeout(server.timeout);
    if (rest.length > 0) socket.unshift(rest);
    socket.unshift(headOf(req));
    server.emit("connection", socket);
  });
}

/** The bytes of a request's head, so that the parser can read it again. */
function headOf({ method, url, httpVersion, rawHeaders }: IncomingMessage): Buffer {
  let text = `${method} ${url} HTTP/${httpVersion}\r\n`;
  for (let at = 0; at < rawHeaders.length; at += 2) text += `${rawHeaders[at]}: ${rawHeaders[at + 1]}\r\n`;
  return Buffer.from(`${text}\r\n`, "latin1");
}
