import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { fileURLToPath } from "node:url";
import { MemoryLog } from "@tidemark/log-memory";
import { tidemark } from "@tidemark/server";
import { type BuildOptions, build } from "esbuild";

/** A request for a channel that the server answers, or has answered. */
export interface Asked {
  /** The path and the query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly isStream: boolean;
  /** When it arrived, by `performance.now()`. */
  readonly at: number;
  /** The answer is not complete, and its connection is open. */
  isOpen: boolean;
}

/** A web site whose pages follow channels of the same origin, over HTTP/1.1. */
export interface Site {
  readonly url: string;
  readonly log: MemoryLog;
  readonly asked: readonly Asked[];
  /** The requests that are open now. */
  open(): readonly Asked[];
  /** The network is lost: all connections are cut, and new ones are refused until the returned function is called. */
  lose(): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

async function bundle(script: string, options: BuildOptions): Promise<string> {
  const resolveDir = fileURLToPath(new URL(".", import.meta.url));
  const { outputFiles } = await build({
    stdin: { contents: script, resolveDir },
    bundle: true,
    format: "esm",
    platform: "browser",
    conditions: ["source"],
    ...options,
    write: false,
  });
  return outputFiles[0]?.text ?? "";
}

/** Serve pages that run a module, bundled with these options, and channels. `/other` is a page without a script. */
export async function serveSite(script: string, options: BuildOptions = {}): Promise<Site> {
  const log = new MemoryLog();
  const channels = tidemark(log, { eventFilter: true });
  const asked: Asked[] = [];
  const page = `<!doctype html><title>tab</title><script type="module">${await bundle(script, options)}</script>`;
  const note = (url: string, headers: Asked["headers"], response: ServerResponse): void => {
    const one: Asked = {
      url,
      headers,
      isStream: url.includes("stream=1"),
      at: performance.now(),
      isOpen: true,
    };
    asked.push(one);
    response.once("close", () => {
      one.isOpen = false;
    });
  };
  const server = createServer((request, response) => {
    const { url = "/", headers } = request;
    if (url.startsWith("/channels/")) note(url, headers, response);
    if (url === "/" || url === "/other")
      response
        .setHeader("content-type", "text/html; charset=utf-8")
        .end(url === "/" ? page : "<title>other</title>");
    else if (!channels.handle(request, response)) response.writeHead(404).end();
  });
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  const listen = (port: number): Promise<void> =>
    new Promise((resolve) => server.listen(port, "127.0.0.1", resolve));
  const stop = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  await listen(0);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    log,
    asked,
    open: () => asked.filter(({ isOpen }) => isOpen),
    async lose() {
      await stop();
      return () => listen(port);
    },
    async close() {
      if (server.listening) await stop();
      await log.dispose();
    },
  };
}
