import { type ClientHttp2Session, connect, type IncomingHttpHeaders } from "node:http2";
import type { Exchange } from "../../../engine/wire/exchange.ts";
import { headerLines } from "../../../engine/wire/secrets.ts";
import { openingRequest } from "../target.ts";
import type { Observation } from "./observation.ts";

/** How long the response to a request by another version of HTTP may take. */
const ANSWER_MS = 4_000;

/** Ask for the stream by HTTP/1.0. */
export function askByHttp10(seen: Observation): Promise<Exchange> {
  return seen.inTurn("http-1.0", async () => {
    const exchange = seen.send({ ...openingRequest(seen.target), version: "1.0" });
    await seen.wait(() => exchange.headAtMs !== undefined || exchange.ending !== undefined, ANSWER_MS);
    exchange.abort();
    return exchange;
  });
}

/** What came of a request by HTTP/2. */
export interface Http2Answer {
  readonly status: number | undefined;
  /** Names of the fields that HTTP/2 forbids, as far as the client could see them. */
  readonly forbidden: readonly string[];
  /** Why the client rejected the response, or could not speak HTTP/2 at all. */
  readonly failure: string | undefined;
  /** The server speaks HTTP/2. */
  readonly spoken: boolean;
}

const FORBIDDEN = ["connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade"];

/** Ask for the stream by HTTP/2: without TLS with prior knowledge, with TLS as the server agrees. */
export function askByHttp2(seen: Observation): Promise<Http2Answer> {
  return seen.inTurn("http-2", async () => {
    const { url, insecure } = seen.target;
    const session = connect(new URL(url).origin, { rejectUnauthorized: !insecure });
    try {
      return await ask(seen, session);
    } finally {
      session.destroy();
    }
  });
}

function ask(seen: Observation, session: ClientHttp2Session): Promise<Http2Answer> {
  const { url, headers } = seen.target;
  const { method = "GET", headers: lines = [], body } = openingRequest(seen.target);
  const { pathname, search } = new URL(url);
  const fields = Object.fromEntries(
    [...lines, ...headerLines(headers)].map(([name, value]) => [name.toLowerCase(), value]),
  );
  return new Promise((resolve) => {
    let spoken = false;
    const done = (status: number | undefined, failure?: string, head: IncomingHttpHeaders = {}): void => {
      clearTimeout(timer);
      resolve({ status, failure, spoken, forbidden: FORBIDDEN.filter((name) => name in head) });
    };
    const timer = setTimeout(() => done(undefined, "no response"), ANSWER_MS);
    const failed = (error: NodeJS.ErrnoException): void =>
      done(undefined, `${error.code ?? ""} ${error.message}`);
    session.once("remoteSettings", () => {
      spoken = true;
    });
    session.on("error", failed);
    const stream = session.request({ ":method": method, ":path": `${pathname}${search}`, ...fields });
    stream.on("error", failed);
    stream.once("response", (head) => done(Number(head[":status"]), undefined, head));
    stream.end(body);
  });
}
