// What the recipes under test import as `@tidemark/server-fetch`: the package, with a short heartbeat, and with a port
// that tells what the server holds. Without the variable PORT (a build of Next.js), nothing listens.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import process from "node:process";
import type { Log } from "@tidemark/log";
import type { Channels } from "@tidemark/server-fetch";

/** The suite waits for a heartbeat. */
export const SHORT = { sse: { heartbeatS: 2 } };

/** Options for attacks on hooks: the header field `x-hook` says what `authorize` does. */
export function hooksOf(fieldOf: (request: unknown, name: string) => unknown): object {
  if (process.env.TIDEMARK_HOOKS === undefined) return {};
  return {
    drainTimeoutMs: 3_000,
    onError: () => undefined,
    authorize({ request }: { readonly request: unknown }) {
      const hook = fieldOf(request, "x-hook");
      if (hook === "throws") throw new Error("a secret of the server");
      if (hook === "rejects") return Promise.reject(new Error("a secret of the server"));
      if (hook === "slow") return new Promise((resolve) => setTimeout(() => resolve("slow"), 200));
      return undefined;
    },
  };
}

/** Answer questions about the server on a port of its own, which is printed as `control <port>`. */
export function observe<T extends Pick<Channels, "stats" | "drain">>(handle: T, log: Log): T {
  if (process.env.PORT === undefined) return handle;
  const server = createServer(async (req, res) => {
    const { pathname, searchParams } = new URL(req.url ?? "", "http://control");
    if (pathname === "/drain") await handle.drain({ windowMs: 0 });
    if (pathname === "/fill") await fill(log, searchParams);
    res.end(JSON.stringify({ ...handle.stats(), rss: process.memoryUsage().rss }));
  });
  server.listen(0, "127.0.0.1", () => console.log(`control ${(server.address() as AddressInfo).port}`));
  return handle;
}

/** Append `count` messages of `bytes` bytes to a channel. */
async function fill(log: Log, query: URLSearchParams): Promise<void> {
  const json = JSON.stringify("x".repeat(Number(query.get("bytes"))));
  for (let n = 0; n < Number(query.get("count")); n += 1)
    await log.append(query.get("channel") ?? "a", [{ json }]);
}
