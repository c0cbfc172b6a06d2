// A server whose `authorize` works, fails or hangs as the parent process orders. Started by `fork`.
import { readdirSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { MemoryLog } from "@tidemark/log-memory";
import { ProtocolError } from "@tidemark/protocol";
import { tidemark } from "@tidemark/server";

/** How `authorize` behaves. */
export type Mode = "works" | "fails" | "is overloaded" | "hangs";

/** An order of the parent process. */
export type Order =
  | { readonly mode: Mode }
  /** End a session: `authorize` refuses it from now on, including its open streams. */
  | { readonly revoke: string }
  /** Close idle connections: clients open some in advance and keep them for a minute. */
  | { readonly tidy: true }
  | { readonly report: true };

/** The answer to `report`. */
export interface Report {
  readonly streams: number;
  readonly held: number;
  readonly feeds: number;
  /** Open descriptors of the process. */
  readonly descriptors: number;
  /** Calls of `authorize` for reads so far. */
  readonly asked: number;
  /** Errors that were reported to `onError` so far. */
  readonly reported: number;
  readonly heapMiB: number;
}

const counts = { asked: 0, reported: 0 };
const revoked = new Set<string>();
let mode: Mode = "works";
let release: (() => void)[] = [];

const channels = tidemark(new MemoryLog(), {
  async authorize({ method, headers }) {
    if (method === "POST") return "publisher";
    counts.asked += 1;
    if (mode === "hangs") await new Promise<void>((resolve) => release.push(resolve));
    if (mode === "fails") throw new Error("the database is down");
    if (mode === "is overloaded") throw new ProtocolError("unavailable", "The database is overloaded");
    const session = String(headers["x-session"]);
    if (revoked.has(session)) throw new ProtocolError("unauthorized", "This session has ended");
    return session.replace(/\..*/, "");
  },
  onError: () => {
    counts.reported += 1;
  },
  sse: { heartbeatS: 2, retryMs: 200 },
});

const server = createServer((req, res) => {
  channels.handle(req, res, () => undefined);
});

process.on("message", (order: Order) => {
  if ("revoke" in order) revoked.add(order.revoke);
  else if ("tidy" in order) server.closeIdleConnections();
  else if ("mode" in order) {
    mode = order.mode;
    for (const go of release.splice(0)) go();
    release = [];
  } else {
    const descriptors = readdirSync("/proc/self/fd").length;
    const heapMiB = Math.round(process.memoryUsage().heapUsed / 1_048_576);
    process.send?.({ ...channels.stats(), ...counts, descriptors, heapMiB } satisfies Report);
  }
});
process.once("disconnect", () => process.exit());
server.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port));
