import type { IncomingMessage, ServerResponse } from "node:http";

/** What is recorded of a request. It has no header field and no parameter that could be a secret. */
export interface AccessEntry {
  readonly method: string;
  /** The path of the URL, without the query. */
  readonly path: string;
  /** The parameters of the protocol. Others are left out: a client may send a token in one. */
  readonly query: Readonly<Record<string, string>>;
  /** Undefined if the client left before it got an answer. */
  readonly status: number | undefined;
  /** From the arrival of the request until its answer, or its stream, had ended, in milliseconds. */
  readonly ms: number;
  readonly principal: string | undefined;
  readonly address: string | undefined;
  readonly http: string;
  readonly agent: string | undefined;
  /** The trace id of `traceparent`, if the client sent one. */
  readonly trace: string | undefined;
}

const PARAMETERS = ["after", "wait", "limit", "stream", "event", "gap"];

/** The most characters of a text that a client chooses. */
const MAX_TEXT = 300;

/** Call `done` with an entry when the request has ended. `principalOf` is asked then. */
export function recordAccess(
  req: IncomingMessage,
  res: ServerResponse,
  principalOf: (req: IncomingMessage) => string | undefined,
  done: (entry: AccessEntry) => void,
): void {
  const begin = performance.now();
  const { method = "", url = "", headers, httpVersion } = req;
  const address = req.socket?.remoteAddress;
  const { "user-agent": agent, traceparent } = headers; // a stream forgets its header fields
  res.once("close", () =>
    done({
      method,
      ...splitUrl(url),
      status: res.headersSent ? res.statusCode : undefined,
      ms: Math.round(performance.now() - begin),
      principal: principalOf(req),
      address,
      http: httpVersion,
      agent: agent?.slice(0, MAX_TEXT),
      trace: /^[0-9a-f]{2}-([0-9a-f]{32})-/.exec(String(traceparent))?.[1],
    }),
  );
}

/** One line for people. Control characters cannot forge another line. */
export function accessLine({
  method,
  path,
  query,
  status,
  ms,
  principal,
  address,
  http,
}: AccessEntry): string {
  const parameters = new URLSearchParams(query).toString();
  const target = parameters === "" ? path : `${path}?${parameters}`;
  const line = `${address ?? "-"} ${principal ?? "-"} ${method} ${target} HTTP/${http} ${status ?? "-"} ${ms} ms`;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is replaced
  return line.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, "?");
}

function splitUrl(url: string): Pick<AccessEntry, "path" | "query"> {
  const mark = url.indexOf("?");
  const path = (mark < 0 ? url : url.slice(0, mark))
    .replace(/^([a-z]+:\/\/)[^/@]*@/i, "$1")
    .slice(0, MAX_TEXT);
  const query = new URLSearchParams(mark < 0 ? "" : url.slice(mark + 1));
  const known = PARAMETERS.flatMap((name) => {
    const value = query.get(name);
    return value === null ? [] : [[name, value.slice(0, MAX_TEXT)] as const];
  });
  return { path, query: Object.fromEntries(known) };
}
