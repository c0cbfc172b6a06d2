import type { IncomingMessage, ServerResponse } from "node:http";
import type { Log } from "@tidemark/log";

/** The answer to a check. It reveals nothing else, since anyone who can connect may ask. */
interface Check {
  readonly status: 200 | 503;
  readonly line: string;
}

const OK: Check = { status: 200, line: "ok" };

/**
 * Answers `/healthz` and `/readyz`, for monitoring. These paths never collide with a channel: if every path of one
 * segment is a channel (`/:channel`), the checks are at `/-/healthz` and `/-/readyz`.
 */
export class HealthChecks {
  readonly #checks: ReadonlyMap<string, () => Check>;

  /** `draining` says whether the server is draining. */
  constructor(log: Log, path: string, draining: () => boolean) {
    const prefix = path === "/:channel" ? "/-" : "";
    this.#checks = new Map([
      [`${prefix}/healthz`, () => OK],
      [`${prefix}/readyz`, () => readinessOf(log, draining())],
    ]);
  }

  /** Answer the request if it is a check. Otherwise return false, and leave the request untouched. */
  answer({ url = "", method }: IncomingMessage, res: ServerResponse): boolean {
    const check = this.#checks.get(url.split("?", 1)[0] ?? "");
    if (check === undefined) return false;
    if (method !== "GET" && method !== "HEAD") {
      res.writeHead(405, { Allow: "GET, HEAD", "Content-Length": 0 }).end();
      return true;
    }
    const { status, line } = check();
    const body = `${line}\n`;
    res.writeHead(status, {
      "Content-Type": "text/plain",
      "Content-Length": body.length,
      "Cache-Control": "no-store",
      "X-Content-Type-Options": "nosniff",
    });
    res.end(body); // Node drops the body for HEAD
    return true;
  }
}

function readinessOf(log: Log, draining: boolean): Check {
  if (draining) return { status: 503, line: "draining" };
  if (log.health?.().usable === false) return { status: 503, line: "log unavailable" };
  return { status: 200, line: "ready" };
}
