import { readFileSync } from "node:fs";
import { startNchan } from "../nchan.ts";
import { SERVERS } from "../servers.ts";
import { type RunningServer, startServer } from "../start-server.ts";

/** What is needed of a server that runs. */
export type Running = Pick<RunningServer, "url" | "publish" | "version" | "close">;

/** An event stream of a server that runs. */
export interface StreamOf {
  readonly url: string;
  /** Where a payload is published; absent: the suite only watches. */
  readonly publish?: string | undefined;
}

/** A server of the page. */
export interface PageServer {
  readonly id: string;
  /** What it is, in a few words. */
  readonly what: string;
  readonly start: () => Promise<Running>;
  /** The dialect of the delivery suite, and promises that its documentation makes or does not make. */
  readonly dialect: string;
  readonly promises: Readonly<Record<string, string>>;
  /** What its documentation promises about resuming, and where. */
  readonly docs: string;
  /** Its event stream, for the suite `sse`; absent if it has none of its own. */
  readonly stream?: (running: Running) => Promise<StreamOf>;
  readonly limitMs?: number;
}

const stream = { dialect: "sse", stream: async (running: Running) => running } as const;
const program = (id: string, packages: readonly string[]) => () =>
  startServer({ id, packages, program: `${id}.ts` });
/** Our own handler, from its sources. */
async function startOurs(): Promise<Running> {
  const running = await program("tidemark", [])();
  const file = new URL("../../../packages/server-fetch/package.json", import.meta.url);
  const { version } = JSON.parse(readFileSync(file, "utf8")) as { readonly version: string };
  return { ...running, version: `@tidemark/server-fetch ${version}` };
}

/** A stream of text that grows twice a second: its events are batches, so the suite cannot recognize what it publishes. */
export async function startTicking({ url }: Running): Promise<StreamOf> {
  const own = `${url}/ticks`;
  const type = { "Content-Type": "text/plain" };
  await fetch(own, { method: "PUT", headers: type });
  let n = 0;
  const timer = setInterval(() => {
    n += 1;
    fetch(own, { method: "POST", headers: type, body: `tick ${n}\n` }).catch(() => clearInterval(timer)); // it was closed
  }, 500);
  return { url: `${own}?live=sse&offset=now` };
}

const NONE = { resume: "none" } as const;

/** Every server of the page, in alphabetical order. */
export const PAGE_SERVERS: readonly PageServer[] = [
  {
    id: "@fastify/sse",
    what: "plugin for Fastify",
    start: () => startServer(SERVERS.fastifySse),
    ...stream,
    promises: { resume: "exact" },
    docs: "the README shows replay by Last-Event-ID",
  },
  {
    id: "@tidemark/server-fetch",
    what: "the handler of this project, on node:http with a log in memory",
    start: startOurs,
    dialect: "tidemark",
    promises: {},
    docs: "the specification: each message once and in order, or a gap is reported",
  },
  {
    id: "better-sse",
    what: "library for any framework",
    start: () => startServer(SERVERS.betterSse),
    ...stream,
    promises: NONE,
    docs: "the README says nothing about resuming",
  },
  {
    id: "Durable Streams",
    what: "reference server in Node",
    start: program("durable-streams", ["@durable-streams/server"]),
    dialect: "durable-streams",
    stream: startTicking,
    promises: {},
    docs: "PROTOCOL.md: clients use offsets to resume reading from a position that they reached before",
    limitMs: 2_000,
  },
  {
    id: "express-pouchdb",
    what: "the HTTP API of CouchDB on PouchDB; it is not CouchDB",
    start: program("express-pouchdb", ["express-pouchdb", "pouchdb-node"]),
    dialect: "couchdb",
    promises: {},
    docs: "CouchDB's `timeout`: the longest time to wait before the response is sent, even if there are no results",
  },
  {
    id: "express-sse",
    what: "middleware for Express",
    start: program("express-sse", ["express-sse", "express-4"]),
    ...stream,
    promises: NONE,
    docs: "nothing about resuming",
  },
  {
    id: "fastify-sse-v2",
    what: "plugin for Fastify",
    start: program("fastify-sse-v2", ["fastify-sse-v2", "fastify"]),
    ...stream,
    promises: NONE,
    docs: "nothing about resuming; the README counts ids for each connection",
  },
  {
    id: "graphql-sse",
    what: "GraphQL over SSE",
    start: () => startServer(SERVERS.graphqlSse),
    ...stream,
    promises: NONE,
    docs: "the README says nothing about resuming; its events have no ids",
  },
  {
    id: "h3",
    what: "framework, event streams",
    start: () => startServer(SERVERS.h3),
    ...stream,
    promises: NONE,
    docs: "the README says nothing about resuming",
  },
  {
    id: "Hono",
    what: "framework, streamSSE on Node",
    start: () => startServer(SERVERS.hono),
    ...stream,
    promises: NONE,
    docs: "the README says nothing about resuming; the documented example counts ids for each connection",
  },
  {
    id: "koa-sse-stream",
    what: "middleware for Koa",
    start: program("koa-sse-stream", ["koa-sse-stream"]),
    ...stream,
    promises: NONE,
    docs: "nothing about resuming",
  },
  {
    id: "MCP SDK",
    what: "Streamable HTTP with the in-memory event store of its examples",
    start: () => startServer(SERVERS.mcpSdk),
    dialect: "mcp",
    stream: async (running) => running,
    promises: { resume: "exact" },
    docs: "the SDK: with an event store, clients can reconnect and resume messages (the protocol leaves replay open)",
  },
  {
    id: "nchan",
    what: "module of nginx, from Debian",
    start: startNchan,
    dialect: "nchan",
    stream: async ({ url }) => ({ url: `${url}/sub/events`, publish: `${url}/pub/events` }),
    promises: {},
    docs: "not read for this page; its dialect assumes that a subscriber continues after a message id",
    limitMs: 3_000,
  },
  {
    id: "sse-pubsub",
    what: "library for Express, with a history",
    start: program("sse-pubsub", ["sse-pubsub"]),
    ...stream,
    promises: { resume: "exact" },
    docs: "the README: the history allows clients to request earlier events by Last-Event-ID",
  },
];
