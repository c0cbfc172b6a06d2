import { randomBytes } from "node:crypto";
import type { ClientHttp2Session } from "node:http2";
import { performance } from "node:perf_hooks";
import { eachWrite, formatWrites, type Instructions } from "../origin/instructions.ts";
import type { SeenRequest } from "../origin/records.ts";
import type { Clock, ClockSample } from "./clock.ts";
import type { Ask, Fetching } from "./fetching.ts";
import { fetchHttp1, keepingAgent } from "./http1.ts";
import { fetchHttp2 } from "./http2.ts";

/** What the reader knows of the path. */
export interface PathAddress {
  /** The address at the reader's end, up to the place where the origin is. */
  readonly base: URL;
  readonly token: string;
  readonly insecure: boolean;
  /** Fields for every request, such as credentials of a gateway. */
  readonly headers: Readonly<Record<string, string>>;
}

/** What varies in the request of a probe. */
export interface ProbeOptions {
  readonly method?: string;
  /** A fixed name, to send two requests to the same URL. @defaultValue a new one */
  readonly probe?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** More of the query, as it is on the wire. */
  readonly extra?: string;
  readonly session?: ClientHttp2Session | undefined;
  /** Keep the connection, and use it for the next request with the same agent. */
  readonly agent?: ReturnType<typeof keepingAgent>;
}

/** A running probe: its name, what comes, and what was ordered. */
export interface Probe {
  readonly name: string;
  readonly fetching: Fetching;
  readonly sizes: readonly number[];
  readonly query: string;
}

/** What the origin saw of a probe. */
export interface ProbeRecord {
  readonly requests: readonly SeenRequest[];
  readonly total: number;
}

/** Sends the requests of one run, with names that no other run uses. */
export class Prober {
  readonly options: PathAddress;
  readonly #run = randomBytes(6).toString("hex");
  #count = 0;

  constructor(options: PathAddress) {
    this.options = options;
  }

  /** A name for a probe. */
  name(): string {
    this.#count += 1;
    return `${this.#run}.${this.#count}`;
  }

  /** An agent that keeps its connection. */
  agent(): ReturnType<typeof keepingAgent> {
    return keepingAgent(this.options.base, this.options.insecure);
  }

  /** Start a request with instructions. */
  start(instructions: Partial<Instructions>, options: ProbeOptions = {}): Probe {
    const { method = "GET", probe = this.name(), headers = {}, extra, session, body, agent } = options;
    const query = [...queryOf(instructions), ...(extra === undefined ? [] : [extra])].join("&");
    const ask: Ask = {
      url: this.#url(`do/${probe}?${query}`),
      method,
      headers: { ...this.options.headers, ...headers },
      ...(body ? { body } : {}),
    };
    const fetching = session ? fetchHttp2(ask, session) : this.#fetch(ask, agent);
    return {
      name: probe,
      fetching,
      query,
      sizes: eachWrite(instructions.writes ?? []).map(({ size }) => size),
    };
  }

  /** Ask for a small complete answer. */
  async hello(
    limitMs: number,
  ): Promise<{ readonly fetching: Fetching; readonly sample: ClockSample | undefined }> {
    const nonce = this.name();
    const fetching = await this.#control(`hello/${nonce}`, limitMs);
    const said = jsonOf(fetching);
    const isOurs = said?.origin === "tidemark-path" && said.nonce === nonce && typeof said.atMs === "number";
    const sample = isOurs
      ? {
          askedMs: fetching.startedMs,
          cameMs: fetching.endMs ?? performance.now(),
          originMs: Number(said.atMs),
        }
      : undefined;
    return { fetching, sample };
  }

  /** What the origin saw of a probe. @throws if it cannot be had: nothing can then be said */
  async record(probe: string): Promise<ProbeRecord> {
    for (let attempt = 1; ; attempt += 1) {
      const nonce = this.name();
      const fetching = await this.#control(`record/${probe}/${nonce}`, RECORD_MS);
      const said = jsonOf(fetching);
      if (said?.nonce === nonce && Array.isArray(said.requests)) return said as unknown as ProbeRecord;
      if (attempt === 3)
        throw new Error(`the origin's record of ${probe} cannot be had: ${describe(fetching)}`);
    }
  }

  #control(path: string, limitMs: number): Promise<Fetching> {
    const headers = { ...this.options.headers, Accept: "application/json" };
    return this.#fetch({ url: this.#url(path), method: "GET", headers }).done(limitMs);
  }

  #fetch(ask: Ask, agent?: ReturnType<typeof keepingAgent>): Fetching {
    const { insecure } = this.options;
    return fetchHttp1(ask, { insecure, ...(agent ? { agent } : {}) });
  }

  #url(path: string): URL {
    const { base, token } = this.options;
    return new URL(`${base.origin}${base.pathname.replace(/\/$/, "")}/${token}/${path}`);
  }
}

const RECORD_MS = 20_000;

/** What came back, in a few words. */
export function describe({ status, ending, failure, contentBytes }: Fetching): string {
  if (status === undefined) return failure ?? "no answer in time";
  const how = ending === "complete" ? "" : `, then it was ${ending}`;
  return `status ${status}, ${contentBytes} bytes${how}`;
}

/** When the origin's time is, on the reader's clock. */
export function onReaderClock(originMs: number, { offsetMs }: Clock): number {
  return originMs + offsetMs;
}

/** The JSON of a complete answer, or undefined. */
export function jsonOf(fetching: Fetching): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(fetching.content.toString("utf8"));
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined; // not JSON: the answer of something else, which the caller describes
  }
}

function queryOf(instructions: Partial<Instructions>): string[] {
  const { writes, fields = [], beforeMs, headMs, trailer, early, length, ...plain } = instructions;
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(plain)) query.set(name, String(value));
  if (beforeMs !== undefined) query.set("before", String(Math.round(beforeMs)));
  if (headMs !== undefined) query.set("head", String(Math.round(headMs)));
  for (const [name, value] of fields) query.append("f", `${name}: ${value}`);
  if (trailer) query.set("trailer", "1");
  if (early) query.set("early", "1");
  if (length) query.set("length", "1");
  const rest = query.toString();
  const parts = [...(rest === "" ? [] : [rest]), ...(writes ? [`w=${formatWrites(writes)}`] : [])];
  return parts.length > 0 ? parts : ["status=200"];
}
