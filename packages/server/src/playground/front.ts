import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { isForLoopback, isFromOwnPage } from "./loopback.ts";
import type { PageFile } from "./page-files.ts";

/** What the page can ask the playground for. */
export interface Desk {
  /** Where the columns read, and the settings. */
  start(): Promise<unknown>;
  /** What the proxies have counted. */
  wire(): unknown;
  /** Change settings by a JSON text; returns all settings. @throws TypeError for invalid ones */
  change(text: string): unknown;
}

/** The largest body with settings, in bytes. */
const MAX_BODY = 1_024;

const SECURITY = {
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Resource-Policy": "same-origin",
  // The page may connect to any channel that its user names; it loads code and styles only from here.
  "Content-Security-Policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src http: https:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
} as const;

/** The server of the page and of its controls. It does not listen yet. */
export function createFront(files: ReadonlyMap<string, PageFile>, desk: Desk): Server {
  return createServer((req, res) => {
    answer(files, desk, req, res).catch((error: unknown) => {
      const isInvalid = error instanceof TypeError || error instanceof SyntaxError;
      send(res, isInvalid ? 400 : 500, "text/plain", `${error instanceof Error ? error.message : error}\n`);
    });
  });
}

async function answer(
  files: ReadonlyMap<string, PageFile>,
  desk: Desk,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  if (!isForLoopback(req))
    return send(res, 403, "text/plain", "the playground answers to loopback names only\n");
  const path = (req.url ?? "/").split("?", 1)[0] ?? "/";
  if (path === "/settings") {
    if (req.method !== "POST") return send(res, 405, "text/plain", "POST only\n");
    if (!isFromOwnPage(req))
      return send(res, 403, "text/plain", "only the playground's own page may do this\n");
    return sendJson(res, desk.change(await readBody(req)));
  }
  if (req.method !== "GET") return send(res, 405, "text/plain", "GET only\n");
  if (path === "/start") return sendJson(res, await desk.start());
  if (path === "/wire") return sendJson(res, desk.wire());
  const file = files.get(path);
  if (file === undefined) return send(res, 404, "text/plain", "not found\n");
  send(res, 200, file.type, file.body);
}

async function readBody(req: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of req.setEncoding("utf8")) {
    text += chunk;
    if (text.length > MAX_BODY) throw new TypeError(`the settings are longer than ${MAX_BODY} bytes`);
  }
  return text;
}

function sendJson(res: ServerResponse, value: unknown): void {
  send(res, 200, "application/json", JSON.stringify(value));
}

function send(res: ServerResponse, status: number, type: string, body: string | Buffer): void {
  res.writeHead(status, { ...SECURITY, "Content-Type": type, "Cache-Control": "no-store" }).end(body);
}
