import type { IncomingMessage, ServerResponse } from "node:http";
import type { Log, LogHealth } from "@tidemark/log";

/** The answer of a page. */
export interface Page {
  readonly status: 200 | 503;
  readonly type: string;
  readonly text: string;
}

/** Pages by their names, without slash. */
export type Pages = Readonly<Record<string, () => Page | Promise<Page>>>;

/** Health checks reveal nothing but this line, since anyone who can connect may ask. */
export function line(status: Page["status"], text: string): Page {
  return { status, type: "text/plain", text: `${text}\n` };
}

/** A log, or what is known of the engine of one. */
type Engine = Log | { readonly health: () => LogHealth };

/** The two checks of every server. */
export interface HealthChecks extends Pages {
  readonly healthz: () => Page;
  readonly readyz: () => Page;
}

/** `/healthz` and `/readyz`. `draining` says whether the server is draining. */
export function healthChecks(log: Engine, draining: () => boolean): HealthChecks {
  return { healthz: () => line(200, "ok"), readyz: () => readinessOf(log, draining()) };
}

function readinessOf(log: Engine, draining: boolean): Page {
  if (draining) return line(503, "draining");
  return log.health?.().usable === false ? line(503, "log unavailable") : line(200, "ready");
}

/**
 * Answers the pages of the server itself, for monitoring. Their paths never collide with a channel: if every path of
 * one segment is a channel (`/:channel`), they begin with `/-/`.
 */
export class OwnPages {
  readonly #pages: ReadonlyMap<string, () => Page | Promise<Page>>;

  /** `path` is the URL path of the channels. */
  constructor(path: string, pages: Pages) {
    const prefix = path === "/:channel" ? "/-/" : "/";
    this.#pages = new Map(Object.entries(pages).map(([name, page]) => [prefix + name, page]));
  }

  /** Answer the request if it is for a page. Otherwise return false, and leave the request untouched. */
  answer({ url = "", method }: IncomingMessage, res: ServerResponse): boolean {
    const page = this.#pages.get(url.split("?", 1)[0] ?? "");
    if (page === undefined) return false;
    if (method !== "GET" && method !== "HEAD") {
      res.writeHead(405, { Allow: "GET, HEAD", "Content-Length": 0 }).end();
      return true;
    }
    const made = page();
    if (made instanceof Promise)
      made.then(
        (late) => send(res, late),
        () => send(res, line(503, "unavailable")),
      );
    else send(res, made);
    return true;
  }
}

function send(res: ServerResponse, { status, type, text }: Page): void {
  res.writeHead(status, {
    "Content-Type": type,
    "Content-Length": Buffer.byteLength(text),
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
  });
  res.end(text); // Node drops the body for HEAD
}
