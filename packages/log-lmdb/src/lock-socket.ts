import { once } from "node:events";
import { createConnection, createServer, type Server, type Socket } from "node:net";

/** How long the holder may take to say who it is; that it is there is known before. */
const GREETING_MS = 500;

/** Who listens at a path: empty if it does not say, `undefined` if nobody does. */
export async function holderOf(path: string): Promise<string | undefined> {
  const socket = createConnection(path);
  try {
    await once(socket, "connect");
    return await greetingOf(socket);
  } catch (error) {
    const code = codeOf(error);
    if (code === "ECONNREFUSED" || code === "ENOENT") return undefined;
    if (code === "EAGAIN") return ""; // its queue is full: it lives
    throw error;
  } finally {
    socket.destroy();
  }
}

async function greetingOf(socket: Socket): Promise<string> {
  const signal = AbortSignal.timeout(GREETING_MS);
  const silence = (): [string] => [""]; // it is busy, or was stopped
  const [data] = await once(socket.setEncoding("utf8"), "data", { signal }).catch(silence);
  return String(data);
}

/** Listen at a path, and tell all who connect the number of this process. */
export async function listen(path: string): Promise<Server> {
  const server = createServer((socket) =>
    socket.on("error", () => socket.destroy()).end(String(process.pid)),
  );
  server.listen({ path, exclusive: true });
  await once(server, "listening");
  return server.unref();
}

/** The refusal of who comes second. */
export function inUse(directory: string, holder: string): Error {
  const who = holder === "" ? "another process" : `process ${holder}`;
  return new Error(`The log in ${directory} is in use by ${who}: one process at a time can open it`);
}

/** The code of a failure of the system. */
export function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
