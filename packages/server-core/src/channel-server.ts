import type { Log } from "@tidemark/log";
import { type Claims, ProtocolError, parseReadRequest, type ReadRequest } from "@tidemark/protocol";
import { type Answer, problemAnswer, withHeader } from "./answer.ts";
import type { ChannelContext } from "./channel-context.ts";
import type { ChannelRequest, Visit } from "./channel-request.ts";
import { type ConnectionLimits, Connections } from "./connections.ts";
import { preflightHeaders } from "./cors.ts";
import { Feeds } from "./feeds.ts";
import type { Mechanism } from "./mechanism.ts";
import { claimsOf, methodsOf } from "./offers.ts";

/** Who may do what: answers the principal (or nothing, for everybody). @throws ProtocolError `unauthorized`, `forbidden` */
export type Authorize = (visit: Visit) => string | undefined | Promise<string | undefined>;

/** Options that do not depend on what runs the server. */
export interface ChannelServerOptions extends ConnectionLimits {
  /** Asked at every request, when a held one wakes, and at every heartbeat of a stream. */
  readonly authorize?: Authorize;
  /** The `WWW-Authenticate` of a 401. @defaultValue "Bearer" */
  readonly challenge?: string;
  /** Declares the channels that exist; without it every name is one (implicit channels). */
  readonly channels?: (name: string) => boolean | Promise<boolean>;
  /** Offer the filter `event=`. @defaultValue false */
  readonly eventFilter?: boolean;
  /** The most messages of a page. @defaultValue 1_000 */
  readonly maxLimit?: number;
  /** Messages of a page where the request does not say. @defaultValue 100 */
  readonly defaultLimit?: number;
  /** Told of failures that no request waits for. @defaultValue console.error */
  readonly onError?: (error: unknown) => void;
}

/** What a server holds at present; all 0 once nobody reads any more. */
export interface ServerStats {
  readonly streams: number;
  readonly held: number;
  /** Channels that are followed. */
  readonly feeds: number;
}

/** The heartbeat of feeds where no stream sets one: how long a lost wake-up can delay a message, in seconds. */
const FEED_HEARTBEAT_S = 15;

const NO_PARAMETERS: ReadRequest = parseReadRequest(new URLSearchParams(), {}, { event: false });

/** A log and some mechanisms, from request to answer; knows nothing of what carries them. */
export class ChannelServer {
  readonly claims: Claims;
  /** The value of `Allow`. */
  readonly allow: string;
  readonly #log: Log;
  readonly #mechanisms: readonly Mechanism[];
  readonly #options: ChannelServerOptions;
  readonly #feeds: Feeds;
  readonly #connections: Connections;

  constructor(log: Log, mechanisms: readonly Mechanism[], options: ChannelServerOptions) {
    const { eventFilter = false, maxLimit = 1_000, defaultLimit = 100, onError = console.error } = options;
    if (![maxLimit, defaultLimit].every((limit) => Number.isInteger(limit) && limit > 0))
      throw new RangeError("maxLimit and defaultLimit have to be whole numbers from 1 on");
    this.#log = log;
    this.#mechanisms = mechanisms;
    this.#options = options;
    this.claims = claimsOf(mechanisms, { maxLimit, event: eventFilter });
    this.allow = methodsOf(mechanisms);
    this.#feeds = new Feeds(log, {
      heartbeatMs: (this.claims.heartbeatS ?? FEED_HEARTBEAT_S) * 1_000,
      onError,
    });
    this.#connections = new Connections(options);
  }

  get draining(): boolean {
    return this.#connections.draining;
  }

  /** Answer a request for a channel. Rejects only with what is no failure of the protocol. */
  async answer(visit: Visit, body: AsyncIterable<Uint8Array>): Promise<Answer> {
    try {
      if (visit.method === "OPTIONS") return this.#preflight();
      return await this.#answer(visit, body);
    } catch (error) {
      if (error instanceof ProtocolError) return this.refusal(error);
      throw error;
    }
  }

  /** A problem as this server tells it. */
  refusal(error: ProtocolError): Answer {
    const answer = problemAnswer(error);
    const { challenge = "Bearer" } = this.#options;
    if (error.code === "unauthorized") return withHeader(answer, "WWW-Authenticate", challenge);
    return error.code === "method-not-allowed" ? withHeader(answer, "Allow", this.allow) : answer;
  }

  stats(): ServerStats {
    const { size: feeds } = this.#feeds;
    return { streams: this.#connections.count("stream"), held: this.#connections.count("held"), feeds };
  }

  /** Let go of held requests now and of streams over `windowMs`; hold nothing any more. Resolves when none is left. */
  drain(windowMs: number): Promise<void> {
    return this.#connections.drain(windowMs);
  }

  #preflight(): Answer {
    return { status: 204, headers: { Allow: this.allow, ...preflightHeaders(this.allow) } };
  }

  /** Checks in the order of the spec: authorization, method, type, existence, then the parameters or the body. */
  async #answer(visit: Visit, body: AsyncIterable<Uint8Array>): Promise<Answer> {
    const principal = (await this.#options.authorize?.(visit)) ?? "";
    const offered = this.#mechanisms.filter(({ methods }) => methods.includes(visit.method));
    if (offered.length === 0)
      throw new ProtocolError("method-not-allowed", `${visit.method} is not offered here`);
    for (const mechanism of offered) mechanism.admit?.(visit);
    // Removing what is not there is done already (PUB-REMOVE-1).
    if (visit.method !== "DELETE") await this.#assertExists(visit.channel);
    const request = { ...visit, principal, body, read: this.#readParameters(visit) };
    const [mechanism, chosen] = choose(offered, request);
    return mechanism.answer(chosen, this.#contextOf(chosen));
  }

  #readParameters({ method, query, headers }: Visit): ReadRequest {
    if (method !== "GET" && method !== "HEAD") return NO_PARAMETERS;
    const { eventFilter = false } = this.#options;
    const lastEventId = headers["last-event-id"];
    return parseReadRequest(
      query,
      { accept: headers.accept, lastEventId: lastEventId === undefined ? undefined : String(lastEventId) },
      { event: eventFilter },
    );
  }

  async #assertExists(name: string): Promise<void> {
    const { channels } = this.#options;
    if (channels && !(await channels(name)))
      throw new ProtocolError("no-such-channel", "There is no channel of this name here");
  }

  #contextOf(request: ChannelRequest): ChannelContext {
    const { maxLimit = 1_000, defaultLimit = 100, authorize } = this.#options;
    const { channel: name, signal } = request;
    return {
      name,
      log: this.#log,
      claims: this.claims,
      draining: this.draining,
      limit: Math.min(request.read.limit ?? defaultLimit, maxLimit),
      read: (from, options) => this.#feeds.reads.read(name, from, options),
      join: ({ wantsTicks = false } = {}) => this.#feeds.join(name, wantsTicks, signal),
      connect: (kind) => this.#connections.open(kind, request),
      judge: async () => {
        await authorize?.(request);
        await this.#assertExists(name);
      },
    };
  }
}

/** The first mechanism that accepts; JSON where a stream is asked for and not offered. Spec: core, CORE-CHOICE-1. */
function choose(offered: readonly Mechanism[], request: ChannelRequest): [Mechanism, ChannelRequest] {
  for (const reading of readingsOf(request)) {
    const mechanism = offered.find((candidate) => candidate.accepts(reading));
    if (mechanism) return [mechanism, reading];
  }
  throw new ProtocolError("not-acceptable", "No mechanism that is offered here fits Accept and stream");
}

/** The ways to take a request, best first. `HEAD` is taken as a poll without wait. Spec: core, CORE-HEAD-1. */
function readingsOf(request: ChannelRequest): readonly ChannelRequest[] {
  const { method, read } = request;
  const as = (changes: Partial<ReadRequest>): ChannelRequest => ({
    ...request,
    read: { ...read, ...changes },
  });
  if (method === "HEAD") return [as({ sse: false, waitS: undefined }), as({ sse: true })];
  return read.sse && read.acceptsJson ? [request, as({ sse: false })] : [request];
}
