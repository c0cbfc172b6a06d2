import { once } from "node:events";
import { createConnection, createServer, type Server, type Socket } from "node:net";

/** How long to wait for the holder's process id. That it is alive is already known. */
const GREETING_MS = 500;

/**
 * The process id of the listener at a path: empty if it does not answer, `undefined` if there is no listener.
 */
export async function holderOf(path: string): Promise<string | undefined> {
  const socket = createConnection(path);
  try {
    await once(socket, "connect");
    return await greetingOf(socket);
  } catch (error) {
    const code = codeOf(error);
    if (code === "ECONNREFUSED" || code === "ENOENT") return undefined;
    if (code === "EAGAIN") return ""; // its queue is full, so it is alive
    throw error;
  } finally {
    socket.destroy();
  }
}

async function greetingOf(socket: Socket): Promise<string> {
  const signal = AbortSignal.timeout(GREETING_MS);
  const silence = (): [string] => [""]; // it is busy or stopped
  const [data] = await once(socket.setEncoding("utf8"), "data", { signal }).catch(silence);
  return String(data);
}

/** Listen at a path, and send this process's id to each connection. */
export async function listen(path: string): Promise<Server> {
  const server = createServer((socket) =>
    socket.on("error", () => socket.destroy()).end(String(process.pid)),
  );
  server.listen({ path, exclusive: true });
  await once(server, "listening");
  return server.unref();
}

/** The error of a second process. */
export function inUse(directory: string, holder: string): Error {
  const who = holder === "" ? "another process" : `process ${holder}`;
  return new Error(`The log in ${directory} is in use by ${who}: one process at a time can open it`);
}

/** The code of a system error. */
export function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
