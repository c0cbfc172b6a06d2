import { Buffer } from "node:buffer";
import { createServer, IncomingMessage, type RequestListener, type Server } from "node:http";
import type { Socket } from "node:net";
import { inTurn, pipelineOf } from "./in-turn.ts";

/** Requests of one connection that are read while an answer to an earlier one is under way. */
const MAX_WAITING = 16;

/** How long a connection with as many may take none of the bytes that wait for it, in milliseconds. */
const UNREAD_MS = 60_000;

const STOPS = Symbol("stops");
const ASKED = Symbol("asked");

/**
 * A request whose `upgrade` is true where the connection has sent as many requests as may wait: that makes node's
 * parser stop behind its head, in the middle of what it has read, and hand over the rest. A real `Upgrade` is not
 * offered, and ignored.
 */
class BoundedMessage extends IncomingMessage {
  declare [STOPS]: boolean;
  declare [ASKED]: boolean | null;

  get upgrade(): boolean {
    return this[STOPS] || (this[ASKED] === true && this.method === "CONNECT");
  }

  /** The parser sets it before anybody sees the request; afterwards this request may be one of those that wait. */
  set upgrade(asked: boolean | null) {
    this[STOPS] = isFull(this.socket);
    this[ASKED] = asked;
  }
}

function isFull(socket: Socket): boolean {
  return (pipelineOf(socket)?.waiting ?? 0) >= MAX_WAITING;
}

/**
 * A server of `node:http` that answers the requests of each connection one after the other, and reads at most 16 ahead
 * of the answers that were taken: neither a flood of pipelined requests nor clients that never read hold up others or
 * fill the memory. Upgrades are not offered.
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

/** Read no more from a connection until the answers to all that was read have left; then go on with the rest. */
function hold(server: Server, held: Set<Socket>, req: IncomingMessage, socket: Socket, rest: Buffer): void {
  const newest = pipelineOf(socket)?.newest;
  if (newest === undefined) return void socket.destroy();
  const fail = (): unknown => socket.destroy();
  const wait = (): void => undefined;
  const expire = (): unknown => socket.writableLength > 0 && socket.destroy();
  const forget = (): unknown => held.delete(socket);
  held.add(socket);
  // A listener of this kind keeps what comes in the socket's own bounded buffer.
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

/** The head of a request, to be read again. */
function headOf({ method, url, httpVersion, rawHeaders }: IncomingMessage): Buffer {
  let text = `${method} ${url} HTTP/${httpVersion}\r\n`;
  for (let at = 0; at < rawHeaders.length; at += 2) text += `${rawHeaders[at]}: ${rawHeaders[at + 1]}\r\n`;
  return Buffer.from(`${text}\r\n`, "latin1");
}
