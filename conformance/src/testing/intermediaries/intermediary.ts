import { once } from "node:events";
import {
  Agent,
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";

/** Where the bytes of an answer go. */
export interface Sink {
  write(bytes: Buffer): void;
  end(): void;
  /** The sender broke off. */
  cut(): void;
}

/** What a hook can look at. */
export interface Passing {
  readonly method: string;
  readonly url: string;
  readonly sent: IncomingHttpHeaders;
  readonly status: number;
  /** The head of the answer, which a hook may change. */
  readonly fields: Record<string, string | string[] | undefined>;
  readonly response: ServerResponse;
  /** Drops the connection to the sender. */
  readonly dropSender: () => void;
}

/** An answer that the intermediary gives itself. */
export interface OwnAnswer {
  readonly status: number;
  readonly fields?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** One thing that an intermediary does wrong. Without hooks, it passes on what it gets as it comes. */
export interface Hooks {
  readonly url?: (url: string) => string;
  readonly request?: (headers: IncomingHttpHeaders) => IncomingHttpHeaders;
  /** Answer in place of the sender. */
  readonly answer?: (request: IncomingMessage) => OwnAnswer | undefined;
  /** Change what is passed on. */
  readonly body?: (sink: Sink, passing: Passing) => Sink;
  readonly status?: (passing: Passing) => OwnAnswer | undefined;
  /** Send the head of the answer only with the first bytes of its body. */
  readonly holdsHead?: boolean;
  readonly delayMs?: number;
  /** Answer 504 when the head takes longer. */
  readonly headLimitMs?: number;
  readonly bodyLimit?: number;
  /** Go on reading from the sender when the reader has left, or takes nothing. */
  readonly ignoresReader?: "left" | "slow";
  readonly seen?: (passing: Passing, body: Buffer) => void;
}

/** A running intermediary. */
export interface Intermediary {
  readonly port: number;
  close(): Promise<void>;
}

/** Start an intermediary in front of a port. */
export async function intermediary(upstream: number, hooks: Hooks = {}): Promise<Intermediary> {
  const agent = new Agent({ keepAlive: false });
  const server = createServer((incoming, response) => {
    const timer = setTimeout(
      () => forward(incoming, response, { upstream, hooks, agent }),
      hooks.delayMs ?? 0,
    );
    response.once("close", () => clearTimeout(timer));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      server.close();
      server.closeAllConnections();
      agent.destroy();
      await once(server, "close");
    },
  };
}

interface Way {
  readonly upstream: number;
  readonly hooks: Hooks;
  readonly agent: Agent;
}

function forward(incoming: IncomingMessage, response: ServerResponse, way: Way): void {
  const { hooks } = way;
  const own = hooks.answer?.(incoming);
  const length = Number(incoming.headers["content-length"] ?? 0);
  if (own) say(response, own);
  else if (length > (hooks.bodyLimit ?? Number.POSITIVE_INFINITY))
    say(response, { status: 413, fields: { Connection: "close" } });
  else ask(incoming, response, way);
}

/** Send the request on, and pass the answer back. */
function ask(incoming: IncomingMessage, response: ServerResponse, { upstream, hooks, agent }: Way): void {
  const headers = { ...(hooks.request?.({ ...incoming.headers }) ?? incoming.headers) };
  delete headers.connection;
  const { method, url = "/" } = incoming;
  const path = hooks.url?.(url) ?? url;
  const out = request({ port: upstream, host: "127.0.0.1", method, path, headers, agent });
  const late = setTimeout(
    () => {
      say(response, { status: 504 });
      out.destroy();
    },
    hooks.headLimitMs ?? 2 ** 30,
  );
  out.on("response", (answer) => {
    clearTimeout(late);
    pass(answer, { incoming, response, hooks, drop: () => out.destroy() });
  });
  out.on("error", () => {
    clearTimeout(late);
    if (!response.headersSent) say(response, { status: 502 });
  });
  incoming.pipe(out);
  response.once("close", () => {
    clearTimeout(late);
    if (!response.writableFinished && hooks.ignoresReader !== "left") out.destroy();
  });
}

function say(response: ServerResponse, { status, fields = {}, body = "own page" }: OwnAnswer): void {
  response.writeHead(status, { "Content-Type": "text/html", ...fields });
  response.end(body);
}

interface Pass {
  readonly incoming: IncomingMessage;
  readonly response: ServerResponse;
  readonly hooks: Hooks;
  readonly drop: () => void;
}

function pass(answer: IncomingMessage, { incoming, response, hooks, drop }: Pass): void {
  const fields: Passing["fields"] = { ...answer.headers };
  for (const name of ["connection", "keep-alive", "transfer-encoding"]) delete fields[name];
  const { method = "", url = "", headers: sent } = incoming;
  const passing = { method, url, sent, status: answer.statusCode ?? 0, fields, response, dropSender: drop };
  const replaced = hooks.status?.(passing);
  if (replaced) {
    answer.resume();
    say(response, replaced);
    return;
  }
  const plain = plainSink(answer, response, hooks);
  const sink = hooks.body?.(plain, passing) ?? plain;
  response.writeHead(passing.status, fields);
  if (!hooks.holdsHead) response.flushHeaders();
  const parts: Buffer[] = [];
  answer.on("data", (bytes: Buffer) => {
    if (hooks.seen) parts.push(bytes);
    sink.write(bytes);
  });
  answer.on("end", () => {
    hooks.seen?.(passing, Buffer.concat(parts));
    sink.end();
  });
  answer.on("error", () => sink.cut());
}

/** Writes to the reader as fast as it takes the bytes. */
function plainSink(answer: IncomingMessage, response: ServerResponse, { ignoresReader }: Hooks): Sink {
  return {
    write(bytes) {
      if (response.write(bytes) || ignoresReader === "slow" || answer.isPaused()) return;
      answer.pause();
      response.once("drain", () => answer.resume());
    },
    end: () => void response.end(),
    cut: () => void response.destroy(),
  };
}
