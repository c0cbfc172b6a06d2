import type { Socket } from "node:net";

/** Tie the two connections of a proxy together: both are in `sockets` while they are open, and they end together. */
export function joinSockets(client: Socket, engine: Socket, sockets: Set<Socket>): void {
  for (const socket of [client, engine]) {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.once("close", () => {
      sockets.delete(socket);
      client.destroy();
      engine.destroy();
    });
  }
}
