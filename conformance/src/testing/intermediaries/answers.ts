import type { IncomingMessage } from "node:http";
import type { Hooks, OwnAnswer, Passing } from "./intermediary.ts";

/** A cache of complete answers, by key; `stores` says what goes in. */
function cache(key: (url: string, accept: string) => string, stores: (passing: Passing) => boolean): Hooks {
  const stored = new Map<string, OwnAnswer>();
  const keyOf = (url: string, headers: IncomingMessage["headers"]): string =>
    key(url, String(headers.accept ?? ""));
  return {
    answer: ({ method, url = "", headers }) =>
      method === "GET" && url.includes("/do/") ? stored.get(keyOf(url, headers)) : undefined,
    seen: (passing, body) => {
      const { method, url, sent, status, fields } = passing;
      if (method !== "GET" || !stores(passing)) return;
      const plain = Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, String(value)]));
      stored.set(keyOf(url, sent), { status, fields: plain, body: body.toString("latin1") });
    },
  };
}

const whole = (url: string, accept: string): string => `${url} ${accept}`;
const hasMaxAge = ({ fields }: Passing): boolean => String(fields["cache-control"] ?? "").includes("max-age");
const isError = ({ status }: Passing): boolean => status >= 400;

/** Refuse streams beyond so many at once, as RFC 10036 says. */
function atMost(streams: number): Hooks {
  let open = 0;
  return {
    answer: ({ headers, socket }) => {
      if (headers.accept !== "text/event-stream") return undefined;
      if (open >= streams)
        return { status: 429, fields: { "Proxy-Status": "limiter; error=connection_limit_reached" } };
      open += 1;
      socket.once("close", () => {
        open -= 1;
      });
      return undefined;
    },
  };
}

function withoutField(name: string): NonNullable<Hooks["body"]> {
  return (sink, { fields }) => {
    delete fields[name];
    return sink;
  };
}

const sortQuery = (url: string): string => {
  const [path = "", query] = url.split("?", 2);
  return query === undefined ? path : `${path}?${query.split("&").sort().join("&")}`;
};

/** Intermediaries that do something wrong with requests and answers, and the only line that may say so. */
export const ANSWER_FAULTS: Readonly<
  Record<string, { readonly line: string; readonly says: RegExp; readonly hooks: () => Hooks }>
> = {
  "stores errors without no-store": {
    line: "cached",
    says: /404, 410, 501, 503 stored unless/,
    hooks: () => cache(whole, (passing) => isError(passing) && !("cache-control" in passing.fields)),
  },
  "stores errors despite no-store": {
    line: "cached",
    says: /stored despite no-store/,
    hooks: () => cache(whole, isError),
  },
  "leaves the query out of the cache key": {
    line: "key",
    says: /another query gets/,
    hooks: () => cache((url, accept) => `${url.split("?", 1)[0]} ${accept}`, hasMaxAge),
  },
  "ignores Vary": { line: "vary", says: /Accept is ignored/, hooks: () => cache((url) => url, hasMaxAge) },
  "removes the query": {
    line: "query",
    says: /it is removed/,
    hooks: () => ({ url: (url) => url.split("?", 1)[0] ?? url }),
  },
  "sorts the query": { line: "query", says: /order is changed/, hooks: () => ({ url: sortQuery }) },
  "replaces errors by a 200": {
    line: "status",
    says: /404 became 200/,
    hooks: () => ({ status: ({ status }) => (status === 404 ? { status: 200 } : undefined) }),
  },
  "replaces the body of 503": {
    line: "status",
    says: /the body of 503 is replaced/,
    hooks: () => ({ status: ({ status }) => (status === 503 ? { status: 503 } : undefined) }),
  },
  "removes Tidemark": {
    line: "response-fields",
    says: /Tidemark is removed/,
    hooks: () => ({ body: withoutField("tidemark") }),
  },
  "removes Retry-After": {
    line: "response-fields",
    says: /Retry-After is removed/,
    hooks: () => ({ body: withoutField("retry-after") }),
  },
  "removes Last-Event-ID": {
    line: "request-fields",
    says: /Last-Event-ID is removed/,
    hooks: () => ({ request: ({ "last-event-id": _, ...rest }) => rest }),
  },
  "takes no body of more than 512 KiB": {
    line: "body",
    says: /answered with 413/,
    hooks: () => ({ bodyLimit: 524_288 }),
  },
  "answers long polls with 504 after 4 s": {
    line: "wait",
    says: /answered with 504 after 4\.\d s/,
    hooks: () => ({ headLimitMs: 4_000 }),
  },
  "holds the head back": {
    line: "head",
    says: /held back until the first write/,
    hooks: () => ({ holdsHead: true }),
  },
  "does not care whether the reader is there": {
    line: "disconnect",
    says: /not within 8/,
    hooks: () => ({ ignoresReader: "left" }),
  },
  "takes what nobody reads": {
    line: "backpressure",
    says: /32\.0 MiB that nobody reads/,
    hooks: () => ({ ignoresReader: "slow" }),
  },
  "takes eight streams": {
    line: "parallel",
    says: /8 of 12 streams, the others: 429 \(connection_limit_reached\)/,
    hooks: () => atMost(8),
  },
  "refuses incremental answers": {
    line: "stream",
    says: /answered with 501 \(incremental_refused\)/,
    hooks: () => ({
      status: ({ fields }) =>
        fields.incremental === "?1"
          ? { status: 501, fields: { "Proxy-Status": "old; error=incremental_refused" } }
          : undefined,
    }),
  },
  "delays everything by 1.1 s": { line: "latency", says: /^1\.\d s/, hooks: () => ({ delayMs: 1_100 }) },
  "delays everything by 5 s": { line: "latency", says: /^5\.\d s/, hooks: () => ({ delayMs: 5_000 }) },
  "answers everything itself": {
    line: "origin",
    says: /something else answers/,
    hooks: () => ({ answer: () => ({ status: 200 }) }),
  },
};
