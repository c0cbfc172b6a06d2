import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { performance } from "node:perf_hooks";
import { InstructionError, parseInstructions } from "./instructions.ts";
import { ORIGIN_LIMITS, type OriginLimits } from "./limits.ts";
import { perform } from "./perform.ts";
import { Records, type SeenRequest } from "./records.ts";
import { createToken, findRoute } from "./token.ts";

/** Options of the origin. */
export interface OriginOptions {
  /** The port; 0 selects a free one. @defaultValue 0 */
  readonly port?: number;
  /** The address to listen on. @defaultValue "127.0.0.1" */
  readonly host?: string;
  /** The token, without which every request is refused. @defaultValue a new random one */
  readonly token?: string;
  readonly limits?: Partial<OriginLimits>;
}

/** What the origin has done so far. */
export interface OriginCounts {
  answered: number;
  withoutToken: number;
  wrongToken: number;
  invalid: number;
  /** Answers that ended with an error of the origin itself. */
  failed: number;
  overBudget: number;
  refusedConnections: number;
  cutForSlowness: number;
  bytes: number;
}

/** The running origin. */
export interface Origin {
  readonly port: number;
  readonly token: string;
  readonly counts: Readonly<OriginCounts>;
  /** Resolves when the lifetime is over or `close` was called. */
  readonly closed: Promise<void>;
  close(): Promise<void>;
}

/** Start the sender's end of the path. @throws if it cannot listen */
export async function startOrigin(options: OriginOptions = {}): Promise<Origin> {
  const { port = 0, host = "127.0.0.1", token = createToken() } = options;
  const desk = new Desk(token, { ...ORIGIN_LIMITS, ...options.limits });
  const { limits, counts } = desk;
  // A connection that sends no whole head within 10 s is closed.
  const server = createServer(
    { headersTimeout: 10_000, requestTimeout: 60_000, connectionsCheckingInterval: 1_000, noDelay: true },
    (request, response) => void desk.answer(request, response),
  );
  server.maxConnections = limits.connections;
  server.on("drop", () => {
    counts.refusedConnections += 1;
  });
  server.listen(port, host);
  await once(server, "listening");
  const closed = once(server, "close").then(() => clearTimeout(timer));
  const close = async (): Promise<void> => {
    server.close();
    server.closeAllConnections();
    await closed;
  };
  const timer = setTimeout(() => void close(), limits.lifetimeMs);
  timer.unref();
  return { port: (server.address() as AddressInfo).port, token, counts, closed, close };
}

/** Answers requests: checks the token, follows instructions, and remembers what it saw. */
class Desk {
  readonly limits: OriginLimits;
  readonly counts: OriginCounts = {
    answered: 0,
    withoutToken: 0,
    wrongToken: 0,
    invalid: 0,
    failed: 0,
    overBudget: 0,
    refusedConnections: 0,
    cutForSlowness: 0,
    bytes: 0,
  };
  readonly #token: string;
  readonly #records: Records;
  readonly #started = performance.now();

  constructor(token: string, limits: OriginLimits) {
    this.#token = token;
    this.limits = limits;
    this.#records = new Records(limits.records);
  }

  /** The origin's clock: milliseconds since its start. */
  readonly #now = (): number => performance.now() - this.#started;

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = request.url ?? "/";
    const [path = "", query] = [
      url.split("?", 1)[0],
      url.includes("?") ? url.slice(url.indexOf("?") + 1) : "",
    ];
    const route = findRoute(path, this.#token);
    if (typeof route === "string") return this.#refuse(route, response);
    if (this.counts.bytes > this.limits.bytes) {
      this.counts.overBudget += 1;
      return sayJson(response, 503, { problem: "the origin's budget of bytes is used up; start it again" });
    }
    this.counts.answered += 1;
    const { operation, probe } = route;
    if (operation === "hello")
      return sayJson(response, 200, { origin: "tidemark-path", nonce: probe, atMs: this.#now() });
    if (operation === "record")
      return sayJson(response, 200, {
        ...this.#records.of(probe),
        nonce: path.split("/").at(-1),
        atMs: this.#now(),
      });
    if (operation === "do") return this.#do(request, response, probe, query);
    return sayJson(response, 404, { problem: "unknown operation" });
  }

  #refuse(reason: "no-token" | "wrong-token", response: ServerResponse): void {
    this.counts[reason === "no-token" ? "withoutToken" : "wrongToken"] += 1;
    // The connection closes, so a body is not read and a stranger keeps no connection.
    response.shouldKeepAlive = false;
    sayJson(response, reason === "no-token" ? 404 : 403, { origin: "tidemark-path", problem: reason });
  }

  async #do(request: IncomingMessage, response: ServerResponse, probe: string, query: string): Promise<void> {
    const seen = this.#see(request, probe);
    const signal = this.#watch(response, seen);
    try {
      const instructions = parseInstructions(new URLSearchParams(query));
      if (query === "") throw new InstructionError("there is no query");
      await this.#receive(request, seen);
      await perform(instructions, {
        response,
        seen,
        now: this.#now,
        stallMs: this.limits.stallMs,
        spend: (bytes) => this.#spend(bytes),
        signal,
      });
    } catch (error) {
      this.#fail(error, response);
    }
    if (seen.stalledMs >= this.limits.stallMs) this.counts.cutForSlowness += 1;
  }

  /** Invalid instructions are refused; what goes wrong otherwise ends this answer only, and is counted. */
  #fail(error: unknown, response: ServerResponse): void {
    const isTheirs = error instanceof InstructionError;
    this.counts[isTheirs ? "invalid" : "failed"] += 1;
    response.shouldKeepAlive = false;
    if (response.headersSent) response.destroy();
    else sayJson(response, isTheirs ? 400 : 500, { origin: "tidemark-path", problem: String(error) });
  }

  /** A signal for the end of the answer; notes whether the reader left before it. */
  #watch(response: ServerResponse, seen: SeenRequest): AbortSignal {
    const over = new AbortController();
    response.once("close", () => {
      seen.overMs = this.#now();
      seen.left = !response.writableFinished;
      over.abort();
    });
    return over.signal;
  }

  #spend(bytes: number): boolean {
    this.counts.bytes += bytes;
    return this.counts.bytes <= this.limits.bytes;
  }

  #see(request: IncomingMessage, probe: string): SeenRequest {
    const { rawHeaders, url = "", method = "", httpVersion } = request;
    const headers = rawHeaders.flatMap((name, index) =>
      index % 2 === 0 ? [[name, rawHeaders[index + 1] ?? ""] as const] : [],
    );
    const seen: SeenRequest = {
      atMs: this.#now(),
      method,
      target: url.slice(url.indexOf("/do/")),
      version: httpVersion,
      headers,
      bodyBytes: 0,
      bodyDigest: "",
      bodyWhole: false,
      writesMs: [],
      takenBytes: 0,
      stalledMs: 0,
    };
    this.#records.add(probe, seen);
    return seen;
  }

  /** Read the request's body up to the limit. */
  async #receive(request: IncomingMessage, seen: SeenRequest): Promise<void> {
    const hash = createHash("sha256");
    try {
      for await (const bytes of request as AsyncIterable<Buffer>) {
        seen.bodyBytes += bytes.length;
        if (seen.bodyBytes > this.limits.bodyBytes) throw new InstructionError("the body is too long");
        hash.update(bytes);
      }
      seen.bodyWhole = true;
    } catch (error) {
      if (error instanceof InstructionError) throw error;
      // The sender broke off: `bodyWhole` stays false, and the answer has no reader.
    }
    seen.bodyDigest = hash.digest("hex");
  }
}

function sayJson(response: ServerResponse, status: number, value: object): void {
  const body = JSON.stringify(value);
  response.writeHead(status, {
    "Content-Type": "application/json",
    "Content-Length": Buffer.byteLength(body),
    "Cache-Control": "no-store",
  });
  response.end(body);
}
