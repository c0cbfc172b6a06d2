import type { AddressInfo } from "node:net";
import { connect, createServer, type Socket } from "node:net";

/** A proxy that changes the server's answers. */
export interface FlawedProxy {
  readonly origin: string;
  close(): Promise<void>;
}

/** Forward everything, but replace each `before` in an answer by `after`, which has the same length. */
export function flawedProxy(target: string, before: string, after: string): Promise<FlawedProxy> {
  if (before.length !== after.length) throw new RangeError("the lengths differ");
  return changingProxy(
    target,
    () => (bytes) => Buffer.from(bytes.toString("latin1").replaceAll(before, after), "latin1"),
  );
}

/** Forward everything; for each connection, a new function changes the answers. */
export async function changingProxy(
  target: string,
  changer: () => (bytes: Buffer) => Buffer,
): Promise<FlawedProxy> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.once("close", () => sockets.delete(socket));
      socket.on("error", () => socket.destroy()); // either side may disconnect
    }
    client.pipe(upstream);
    client.once("close", () => upstream.destroy());
    const change = changer();
    upstream.on("data", (bytes: Buffer) => client.write(change(bytes)));
    upstream.once("end", () => client.end());
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close(): Promise<void> {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}
