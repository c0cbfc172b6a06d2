import { Agent, type ClientRequest, type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps, Agent as SecureAgent } from "node:https";
import { type Ask, Fetching } from "./fetching.ts";

/** The connections of HTTP/1.1 requests. */
export interface Http1Options {
  /** Accept any certificate. */
  readonly insecure: boolean;
  /** Whose connection is used, and kept for the next request; otherwise each request has its own. */
  readonly agent?: Agent;
}

/** An agent that keeps one connection. */
export function keepingAgent(url: URL, insecure: boolean): Agent {
  const options = { keepAlive: true, maxSockets: 1 };
  return url.protocol === "https:"
    ? new SecureAgent({ ...options, rejectUnauthorized: !insecure, ALPNProtocols: ["http/1.1"] })
    : new Agent(options);
}

/** Send a request by HTTP/1.1. It never rejects: failures are part of the result. */
export function fetchHttp1(ask: Ask, { insecure, agent }: Http1Options): Fetching {
  const fetching = new Fetching();
  const { url, method, headers, body } = ask;
  const length = body ? { "Content-Length": String(body.length) } : {};
  const own = agent ?? keepingAgent(url, insecure); // a reader that keeps connections, as browsers do
  const options = { method, headers: { ...headers, ...length }, agent: own };
  const request = url.protocol === "https:" ? requestHttps(url, options) : requestHttp(url, options);
  if (!agent) request.once("close", () => own.destroy());
  request.on("information", ({ statusCode }) => fetching.interim.push(statusCode));
  request.on("response", (response) => takeResponse(fetching, request, response));
  request.on("error", (error: NodeJS.ErrnoException) => {
    fetching.failure ??= error.code ?? error.message;
    fetching.finish(fetching.status === undefined ? "no-connection" : "broken");
  });
  fetching.wire = {
    pause: () => undefined,
    resume: () => undefined,
    drop: () => request.destroy(),
  };
  request.end(body);
  return fetching;
}

function takeResponse(fetching: Fetching, request: ClientRequest, response: IncomingMessage): void {
  fetching.reused = request.reusedSocket;
  fetching.wire = {
    pause: () => response.pause(),
    resume: () => response.resume(),
    drop: () => request.destroy(),
  };
  response.on("data", (bytes: Uint8Array) => fetching.takeBody(bytes));
  response.on("end", () => {
    fetching.trailers = pairs(response.rawTrailers);
    fetching.finish(response.complete ? "complete" : "broken");
  });
  response.on("error", (error: NodeJS.ErrnoException) => {
    fetching.failure ??= error.code ?? error.message;
    fetching.finish("broken");
  });
  response.on("close", () => fetching.finish("broken"));
  fetching.takeHead(response.statusCode ?? 0, pairs(response.rawHeaders));
}

function pairs(raw: readonly string[]): readonly (readonly [string, string])[] {
  return raw.flatMap((name, index) => (index % 2 === 0 ? [[name, raw[index + 1] ?? ""] as const] : []));
}
