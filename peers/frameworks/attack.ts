// Clients that misbehave, and what a server in any framework has to do about them.
import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { connect, type Socket } from "node:net";
import { until } from "../../testing/servers/serving.ts";
import type { Held, Running } from "./start-recipe.ts";

/** A raw connection, so that what is sent and read is exactly what the test says. */
export async function rawConnection({ origin }: Running): Promise<Socket> {
  const socket = connect(Number(new URL(origin).port), "127.0.0.1");
  socket.on("error", () => undefined); // the server may reset it
  await once(socket, "connect");
  return socket;
}

/** Send the head of a request on a connection. */
export function send(
  socket: Socket,
  server: Running,
  method: string,
  rest: string,
  fields: Readonly<Record<string, string>> = {},
): void {
  const { pathname } = new URL(server.channels);
  const head = Object.entries({ Host: "127.0.0.1", ...fields }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  socket.write(`${method} ${pathname}/${rest} HTTP/1.1\r\n${head.join("")}\r\n`);
}

/** Wait until the server holds what `seen` says. */
export async function untilHeld(server: Running, what: string, seen: (held: Held) => boolean): Promise<void> {
  let held = await server.control("/stats");
  let asking: Promise<unknown> | undefined;
  await until(
    () => {
      asking ??= server.control("/stats").then((next) => {
        held = next;
        asking = undefined;
      });
      return seen(held);
    },
    `${what}: ${JSON.stringify(held)}`,
  );
  await asking;
}

export const isIdle = ({ streams, held, feeds }: Held): boolean => streams === 0 && held === 0 && feeds === 0;

/** An answer, whatever its body. */
export interface Answered {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly text: string;
}

/** Send a request on a connection of its own; the path is sent as it is. */
export async function ask(
  server: Running,
  path: string,
  options: {
    readonly method?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string;
  } = {},
): Promise<Answered> {
  const { hostname, port } = new URL(server.origin);
  const { method = "GET", headers = {}, body } = options;
  const sent = request({ hostname, port, path, method, headers, agent: false });
  sent.end(body);
  const [response] = (await once(sent, "response")) as [IncomingMessage];
  let text = "";
  for await (const chunk of response.setEncoding("utf8")) text += chunk;
  return { status: response.statusCode ?? 0, headers: response.headers, text };
}
