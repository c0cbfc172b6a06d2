import type { Log } from "@tidemark/log";
import { type Claims, ProtocolError, type ReadRequest } from "@tidemark/protocol";
import { type Answer, problemAnswer, withHeader } from "./answer.ts";
import { ByteCache } from "./byte-cache.ts";
import type { ChannelRequest, Exchange } from "./channel-request.ts";
import { type ConnectionLimits, Connections } from "./connections.ts";
import { Deadlines } from "./deadlines.ts";
import { Feeds } from "./feeds.ts";
import { type HookOptions, Hooks } from "./hooks.ts";
import type { Mechanism } from "./mechanism.ts";
import { NewChannels } from "./new-channels.ts";
import { claimsOf, methodsOf } from "./offers.ts";
import { ReadRequests } from "./read-requests.ts";
import { RequestContext, type ServerParts } from "./request-context.ts";

/** Options that do not depend on the framework. */
export interface ChannelServerOptions extends ConnectionLimits, HookOptions {
  /** The `WWW-Authenticate` of a 401. @defaultValue "Bearer" */
  readonly challenge?: string;
  /** Offer the filter `event=`. @defaultValue false */
  readonly eventFilter?: boolean;
  /** The most messages in a page. @defaultValue 1_000 */
  readonly maxLimit?: number;
  /** Messages in a page if the request has no `limit`. @defaultValue 100 */
  readonly defaultLimit?: number;
  /**
   * Channels that one principal (without a principal: one address) may create per hour by publishing, all at once or
   * over time. One more gets `too-many-requests` with `Retry-After`. `null`: no limit; use it behind a proxy, where all
   * clients share one address. @defaultValue 10_000
   */
  readonly maxNewChannelsPerHour?: number | null;
  /** Bytes of encoded history pages to cache for the next readers; 0 turns the cache off. @defaultValue 33_554_432 */
  readonly pageCacheBytes?: number;
}

/** What a server holds now; all 0 when nobody reads. */
export interface ServerStats {
  readonly streams: number;
  readonly held: number;
  /** Channels that have readers. */
  readonly feeds: number;
}

/** The heartbeat of feeds if no stream sets one: how long a lost wake-up can delay a message, in seconds. */
const FEED_HEARTBEAT_S = 15;

/** Answers requests for the channels of a log by some mechanisms, independently of any framework. */
export class ChannelServer {
  readonly claims: Claims;
  /** The value of `Allow`. */
  readonly allow: string;
  readonly #options: ChannelServerOptions;
  readonly #parts: ServerParts;
  /** Mechanisms by method. */
  readonly #offers: ReadonlyMap<string, readonly Mechanism[]>;
  readonly #reads: ReadRequests;

  constructor(log: Log, mechanisms: readonly Mechanism[], options: ChannelServerOptions) {
    const { eventFilter = false, maxLimit = 1_000, defaultLimit = 100, onError = console.error } = options;
    const { pageCacheBytes = 32 * 1_024 * 1_024, maxNewChannelsPerHour = 10_000 } = options;
    if (![maxLimit, defaultLimit].every((limit) => Number.isInteger(limit) && limit > 0))
      throw new RangeError("maxLimit and defaultLimit have to be whole numbers of at least 1");
    this.#options = options;
    this.claims = claimsOf(mechanisms, { maxLimit, event: eventFilter });
    this.allow = methodsOf(mechanisms);
    this.#offers = offersOf(mechanisms);
    this.#reads = new ReadRequests({ event: eventFilter });
    const heartbeatMs = (this.claims.heartbeatS ?? FEED_HEARTBEAT_S) * 1_000;
    this.#parts = {
      log,
      claims: this.claims,
      feeds: new Feeds(log, { heartbeatMs, onError }),
      newChannels: new NewChannels(log, maxNewChannelsPerHour),
      connections: new Connections(options),
      deadlines: new Deadlines(),
      encoded: new ByteCache(pageCacheBytes),
      hooks: new Hooks(options),
    };
  }

  get draining(): boolean {
    return this.#parts.connections.draining;
  }

  /** Answer a request for a channel. Rejects with refusals and failures; {@link refusal} answers a refusal. */
  answer(exchange: Exchange): Promise<Answer> {
    try {
      if (exchange.method === "OPTIONS")
        return Promise.resolve({ status: 204, headers: { Allow: this.allow } });
      // Without hooks there is nothing to wait for.
      return this.#parts.hooks.canRefuse ? this.#judgeAndAnswer(exchange) : this.#answer(exchange, "");
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** The answer for a problem. */
  refusal(error: ProtocolError): Answer {
    const answer = problemAnswer(error);
    const { challenge = "Bearer" } = this.#options;
    if (error.code === "unauthorized") return withHeader(answer, "WWW-Authenticate", challenge);
    return error.code === "method-not-allowed" ? withHeader(answer, "Allow", this.allow) : answer;
  }

  stats(): ServerStats {
    const { connections, feeds } = this.#parts;
    return { streams: connections.count("stream"), held: connections.count("held"), feeds: feeds.size };
  }

  /** End held requests now and streams over `windowMs`, and hold no new ones. Resolves when none is left. */
  drain(windowMs: number): Promise<void> {
    return this.#parts.connections.drain(windowMs);
  }

  /** Checks in the order of the spec: authorization, method, type, existence, then the parameters or the body. */
  async #judgeAndAnswer(exchange: Exchange): Promise<Answer> {
    const { hooks } = this.#parts;
    const { method, channel } = exchange;
    const principal = await hooks.admit(exchange);
    this.#admit(exchange);
    // Removing a channel that does not exist succeeds (PUB-REMOVE-1).
    if (method !== "DELETE") await hooks.assertExists(channel);
    return this.#answer(exchange, principal);
  }

  #answer(exchange: Exchange, principal: string): Promise<Answer> {
    const { method, channel, headers } = exchange;
    const offered = this.#admit(exchange);
    const read = this.#reads.of(exchange);
    const request: ChannelRequest = { exchange, method, channel, headers, principal, read };
    const [mechanism, chosen] = choose(offered, request);
    return mechanism.answer(chosen, new RequestContext(this.#parts, chosen, this.#limitOf(chosen)));
  }

  /** The mechanisms for a request's method. @throws ProtocolError if one of them refuses before anything is read */
  #admit(exchange: Exchange): readonly Mechanism[] {
    const { method } = exchange;
    const offered = this.#offers.get(method);
    if (!offered) throw new ProtocolError("method-not-allowed", `${method} is not offered here`);
    for (const mechanism of offered) mechanism.admit?.(exchange);
    return offered;
  }

  #limitOf({ read }: ChannelRequest): number {
    const { maxLimit = 1_000, defaultLimit = 100 } = this.#options;
    return Math.min(read.limit ?? defaultLimit, maxLimit);
  }
}

/** The first mechanism that accepts; JSON if a stream is requested but not offered. Spec: core, CORE-CHOICE-1. */
function choose(offered: readonly Mechanism[], request: ChannelRequest): [Mechanism, ChannelRequest] {
  const { method, read } = request;
  // HEAD is handled as a poll without wait. Spec: core, CORE-HEAD-1.
  const first = method === "HEAD" ? reading(request, { sse: false, waitS: undefined }) : request;
  const mechanism = offered.find((candidate) => candidate.accepts(first));
  if (mechanism) return [mechanism, first];
  const second = reading(request, { sse: method === "HEAD" });
  const fallback = method === "HEAD" || (read.sse && read.acceptsJson);
  const other = fallback && offered.find((candidate) => candidate.accepts(second));
  if (other) return [other, second];
  throw new ProtocolError("not-acceptable", "No mechanism of this server matches Accept and stream");
}

function reading(request: ChannelRequest, changes: Partial<ReadRequest>): ChannelRequest {
  return { ...request, read: { ...request.read, ...changes } };
}

function offersOf(mechanisms: readonly Mechanism[]): ReadonlyMap<string, readonly Mechanism[]> {
  const methods = new Set(mechanisms.flatMap((mechanism) => mechanism.methods));
  return new Map(
    [...methods].map((method) => [method, mechanisms.filter((one) => one.methods.includes(method))]),
  );
}
