import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Entry, Feed } from "./feed.ts";

/** The four kinds of streams: a feed without ids, a feed with ids and history, a run that ends, a language model. */
export type Kind = "live" | "history" | "run" | "model";

/** A request for a stream. */
export interface Visit {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly feed: Feed;
  /** Every feed of the server, by name. */
  readonly feeds: ReadonlyMap<string, Feed>;
  /** Which stream of the server it is, from 1. */
  readonly number: number;
  /** The streams that are open now, the oldest first, this one included. */
  readonly open: ReadonlySet<Visit>;
  readonly lastId: string | undefined;
  readonly path: string;
  /** Write an event now. */
  send(entry: Entry): void;
  /** Write text now. */
  write(text: string): void;
}

/** What a request gets: a refusal, or a stream that begins with some events. */
export type Plan =
  | { readonly status: number; readonly text: string }
  | { readonly entries: readonly Entry[]; readonly notice?: Entry };

/** The head of a stream's response. */
export interface Head {
  readonly status: number;
  readonly fields: Readonly<Record<string, string>>;
}

/** What the server does at each step. A mutant or an oddity replaces some of it. */
export interface Behavior {
  /** Time between two events that the server makes by itself, in milliseconds; `null`: it makes none. */
  readonly everyMs: number | null;
  /** How many events it makes at a time. */
  readonly burst: number;
  /** Time between two comments on a stream, in milliseconds; `null`: none. */
  readonly beatMs: number | null;
  /** How many events a run has before its end. */
  readonly length: number;
  /** The data of the event with this number. */
  data(n: number): string;
  /** The id of the event with this number; `start` differs for each start of the server. */
  mint(n: number, start: string): string | undefined;
  /** Around everything, except publishing. */
  outer(visit: Visit, next: () => void): void;
  plan(visit: Visit): Plan;
  head(visit: Visit): Head;
  /** Whether the head is sent before there is a byte of the body. */
  readonly flushes: boolean;
  /** What is written before the first event. */
  opening(visit: Visit): string;
  frame(entry: Entry, visit: Visit): string;
  encode(text: string, visit: Visit): readonly Uint8Array[];
  /** What a reader gets when an event is appended. */
  live(entry: Entry, visit: Visit): readonly Entry[];
  /** Begin to follow the feed, after the history was sent. */
  join(visit: Visit, follow: () => void): void;
  /** The last events of a run. */
  last(): readonly Entry[];
  /** The feed has ended: end the response. */
  finish(visit: Visit): void;
  /** What a published payload becomes. */
  accept(payload: string, event: string | undefined): readonly Pick<Entry, "data" | "event">[];
  preflight(visit: Visit): void;
  hear(visit: Visit): void;
  /** Sees each connection before the server does. */
  socket(socket: Socket): void;
  /** Sees a connection that begins with the preface of HTTP/2. Returns whether it takes the connection over. */
  http2(socket: Socket, stop: () => void): boolean;
}

const FIELDS = {
  "Content-Type": "text/event-stream",
  "Cache-Control": "no-store, no-transform",
  "X-Accel-Buffering": "no",
  Incremental: "?1",
  "Access-Control-Allow-Origin": "*",
} as const;

/** What all four kinds have in common. */
const COMMON: Omit<Behavior, "plan"> = {
  everyMs: 100,
  burst: 1,
  beatMs: 10_000,
  length: 12,
  data: (n) => JSON.stringify({ n, text: `message ${n}: naïve café ✓` }),
  mint: () => undefined,
  outer: (_, next) => next(),
  head: () => ({ status: 200, fields: FIELDS }),
  flushes: true,
  opening: () => ": welcome\n\n",
  frame,
  encode: (text) => [Buffer.from(text)],
  live: (entry) => [entry],
  join: (_, follow) => follow(),
  last: () => [],
  finish: ({ res }) => res.end(),
  accept: (data, event) => [{ data, ...(event ? { event } : {}) }],
  preflight: ({ res }) =>
    res
      .writeHead(204, {
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Allow-Methods": "GET, POST",
        "Access-Control-Allow-Headers": "Last-Event-ID, Content-Type, Cache-Control",
      })
      .end(),
  hear: ({ res }) => res.writeHead(200, FIELDS).end(),
  socket: () => undefined,
  http2: () => false,
};

function frame({ id, event, data }: Entry): string {
  const lines = data.split(/\r\n|\r|\n/).map((line) => `data: ${line}\n`);
  return `${id === undefined ? "" : `id: ${id}\n`}${event ? `event: ${event}\n` : ""}${lines.join("")}\n`;
}

/** From the event after `Last-Event-ID`, or what comes from now on; an id that no event has is refused. */
function resumes({ feed, lastId }: Visit): Plan {
  if (lastId === undefined) return { entries: [] };
  const entries = feed.after(lastId);
  return entries ? { entries } : { status: 410, text: "no event has this id\n" };
}

/** A run from its beginning, or from the event after the id; one that the reader knows to its end is over. */
function replays(visit: Visit): Plan {
  const { feed, lastId } = visit;
  if (lastId === undefined) return { entries: [...feed.entries] };
  const plan = resumes(visit);
  const isOver = "entries" in plan && plan.entries.length === 0 && feed.ended;
  return isOver ? { status: 204, text: "" } : plan;
}

const CHUNK = { id: "chatcmpl-1", object: "chat.completion.chunk", created: 1_700_000_000, model: "plain-1" };

/** A frame of the vocabulary of OpenAI's chat completions. */
export function chunk(delta: Readonly<Record<string, string>>, finish: string | null = null): string {
  return JSON.stringify({ ...CHUNK, choices: [{ index: 0, delta, finish_reason: finish }] });
}

/** A server of each kind, without a fault. */
export const PLAIN: Readonly<Record<Kind, Behavior>> = {
  live: { ...COMMON, plan: () => ({ entries: [] }) },
  history: { ...COMMON, mint: (n, start) => `${start}-${n}`, plan: resumes },
  run: {
    ...COMMON,
    everyMs: 60,
    mint: (n, start) => `${start}-${n}`,
    plan: replays,
    last: () => [{ event: "done", data: "{}" }],
  },
  model: {
    ...COMMON,
    everyMs: 60,
    data: (n) => chunk(n === 1 ? { role: "assistant", content: "" } : { content: `word ${n} ` }),
    plan: ({ feed }) => ({ entries: [...feed.entries] }),
    last: () => [{ data: chunk({}, "stop") }, { data: "[DONE]" }],
  },
};
