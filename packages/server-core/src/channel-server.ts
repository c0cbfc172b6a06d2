import type { Log } from "@tidemark/log";
import { ProtocolError } from "@tidemark/protocol";
import { Access } from "./access/access.ts";
import { Hooks } from "./access/hooks.ts";
import { type Answer, problemAnswer, withHeader } from "./answer/answer.ts";
import { CommonHeaders } from "./answer/common-headers.ts";
import { ByteCache } from "./caches/byte-cache.ts";
import { KnownAnswers } from "./caches/known-answers.ts";
import { Feeds } from "./feed/feeds.ts";
import { Connections } from "./limits/connections.ts";
import { Deadlines } from "./limits/deadlines.ts";
import { NewChannels } from "./limits/new-channels.ts";
import { Reports } from "./limits/reports.ts";
import type { Mechanism } from "./mechanism.ts";
import { Mechanisms } from "./mechanisms.ts";
import { ObservedLog } from "./observe/observed-log.ts";
import type { Observer } from "./observe/observer.ts";
import type { ReaderBehind } from "./observe/readers-behind.ts";
import { reportAnswer } from "./observe/report-answer.ts";
import type { ServerClaims } from "./request/channel-context.ts";
import { channelPath } from "./request/channel-path.ts";
import type { ChannelRequest } from "./request/channel-request.ts";
import { RequestContext, type ServerParts } from "./request/request-context.ts";
import { readTarget, type Target } from "./request/request-target.ts";
import type { ChannelServerOptions } from "./server-options.ts";

/** What a server holds now; all 0 when nobody reads. */
export interface ServerStats {
  readonly streams: number;
  readonly held: number;
  /** Channels that have readers. */
  readonly feeds: number;
}

/** How streams are written, for adapters. */
export interface StreamSettings {
  /** How long a reader may take no bytes, in milliseconds. */
  readonly drainTimeoutMs: number;
  /** Called with failures that no request waits for. */
  readonly onError: (error: unknown) => void;
  /** Always write through the framework's response, never straight to the connection. */
  readonly plain: boolean;
}

/** The heartbeat of feeds if no stream sets one: how long a lost wake-up can delay a message, in seconds. */
const FEED_HEARTBEAT_S = 15;

/**
 * Answers requests for the channels of a log by some mechanisms, in any framework. An adapter (`./node`, `./fetch`,
 * `./koa`) turns the framework's request into a {@link ChannelRequest} and writes the {@link Answer}. `Framework` is the
 * type of the request that `authorize` gets.
 */
export class ChannelServer<Framework = unknown> {
  readonly claims: ServerClaims;
  readonly streams: StreamSettings;
  /** Reports failures to the application. */
  readonly reports: Reports;
  /** Answers that an adapter can reuse; undefined if answers depend on a hook or on the origin. @internal */
  readonly known: KnownAnswers | undefined;
  /** Whether a hook gets requests, and can use them at any time. @internal */
  readonly isObserved: boolean;
  /** Is told what the server does. @internal */
  readonly observer: Observer | undefined;
  readonly #mechanisms: Mechanisms;
  readonly #options: ChannelServerOptions<Framework>;
  readonly #nameOf: (path: string) => string | null | undefined;
  readonly #access: Access;
  readonly #headers: CommonHeaders;
  readonly #parts: ServerParts;

  /** @throws RangeError or TypeError for an invalid option */
  constructor(log: Log, mechanisms: readonly Mechanism[], options: ChannelServerOptions<Framework> = {}) {
    const { eventFilter = false, maxLimit = 1_000, defaultLimit = 100, authorize, channels } = options;
    const { drainTimeoutMs = 60_000, plainStreams = false, path = "/channels/:channel" } = options;
    if (![maxLimit, defaultLimit].every((limit) => Number.isInteger(limit) && limit > 0))
      throw new RangeError("maxLimit and defaultLimit have to be whole numbers of at least 1");
    this.#options = options;
    this.reports = new Reports(options.onError);
    const onError = (error: unknown): void => this.reports.report(error);
    this.streams = { drainTimeoutMs, onError, plain: plainStreams };
    this.observer = options.observer;
    this.isObserved = authorize !== undefined;
    this.#mechanisms = new Mechanisms(mechanisms, { maxLimit, event: eventFilter });
    this.claims = this.#mechanisms.claims;
    this.#nameOf = channelPath(path);
    this.#access = new Access(options);
    this.#headers = new CommonHeaders(this.#mechanisms, this.#access.cors);
    this.#parts = partsOf(log, this.claims, options, onError);
    const isPlain = authorize === undefined && channels === undefined && !this.#headers.varies;
    const revision = log.revision?.bind(log);
    this.known = isPlain && revision !== undefined ? new KnownAnswers(revision) : undefined;
  }

  get draining(): boolean {
    return this.#parts.connections.draining;
  }

  /**
   * Where a request goes. `target` is the request target as it arrived, or an absolute URL. Undefined if it is not for a
   * channel; "invalid" if it is not a valid target, which deserves a `400`.
   */
  locate(method: string | undefined, target: string): Target | "invalid" | undefined {
    const read = readTarget(method, target);
    if (read === undefined) return "invalid";
    const channel = this.#nameOf(read.path);
    return channel === undefined ? undefined : { channel, search: read.search, host: read.host };
  }

  /**
   * The answer to a request. Never rejects: refusals are answers too, and so are failures of the server, which the
   * client sees as `internal`. `failed` is called with these failures.
   */
  answer(
    request: ChannelRequest<Framework>,
    failed: (error: unknown) => void = this.reports.failed,
  ): Promise<Answer> {
    return this.attempt(request).then(undefined, (error) => this.refusal(error, failed));
  }

  /** The same, but rejects with refusals and failures, which {@link refusal} turns into answers. */
  attempt(request: ChannelRequest<Framework>): Promise<Answer> {
    const answer = this.#attempt(request);
    if (this.observer) reportAnswer(this.observer, request, answer);
    return answer;
  }

  #attempt(request: ChannelRequest<Framework>): Promise<Answer> {
    try {
      this.#access.admit(request);
      if (request.method === "OPTIONS")
        return Promise.resolve({ status: 204, headers: { Allow: this.#mechanisms.allow } });
      // Without hooks there is nothing to wait for.
      return this.#parts.hooks.canRefuse ? this.#judgeAndAnswer(request) : this.#answer(request);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** Whether a client that sent this `Host` may get a known answer. @internal */
  acceptsHost(host: string): boolean {
    return this.#access.hosts.accepts(host);
  }

  /** The answer for a refusal or a failure. */
  refusal(error: unknown, failed: (error: unknown) => void = this.reports.failed): Answer {
    if (error instanceof ProtocolError) return this.#problem(error);
    this.reports.report(error, failed);
    return this.#problem(new ProtocolError("internal", "The server failed", { cause: error }));
  }

  /** All header fields of an answer, in which names and values alternate. */
  fieldsOf(method: string, origin: string | undefined, answer: Answer): string[] {
    return this.#headers.of(method, origin, answer);
  }

  stats(): ServerStats {
    const { connections, feeds } = this.#parts;
    return { streams: connections.count("stream"), held: connections.count("held"), feeds: feeds.size };
  }

  /** The readers that are behind the end of their channels, for metrics; none without an `observer`. */
  readersBehind(): Iterable<ReaderBehind> {
    return this.#parts.feeds.readersBehind();
  }

  /**
   * End everything that is held, before the process ends: held polls are answered at once, and streams end, spread over
   * `windowMs` (default 5 000). Nothing new is held. Resolves when none is left.
   */
  drain({ windowMs = 5_000 }: { readonly windowMs?: number } = {}): Promise<void> {
    return this.#parts.connections.drain(windowMs);
  }

  /** Checks in the order of the spec: authorization, method, type, existence, then the parameters or the body. */
  async #judgeAndAnswer(request: ChannelRequest<Framework>): Promise<Answer> {
    const { hooks } = this.#parts;
    request.principal = await hooks.admit(request);
    this.#mechanisms.admit(request);
    // Removing a channel that does not exist succeeds (PUB-REMOVE-1).
    if (request.method !== "DELETE") await hooks.assertExists(request.channel);
    return this.#answer(request);
  }

  #answer(request: ChannelRequest<Framework>): Promise<Answer> {
    this.#mechanisms.admit(request);
    const mechanism = this.#mechanisms.choose(request);
    request.mechanism = mechanism.name;
    return mechanism.answer(request, new RequestContext(this.#parts, request, this.#limitOf(request)));
  }

  #limitOf({ read }: ChannelRequest<Framework>): number {
    const { maxLimit = 1_000, defaultLimit = 100 } = this.#options;
    return Math.min(read.limit ?? defaultLimit, maxLimit);
  }

  #problem(error: ProtocolError): Answer {
    const answer = problemAnswer(error);
    const { challenge = "Bearer" } = this.#options;
    if (error.code === "unauthorized") return withHeader(answer, "WWW-Authenticate", challenge);
    return error.code === "method-not-allowed" ? withHeader(answer, "Allow", this.#mechanisms.allow) : answer;
  }
}

function partsOf(
  given: Log,
  claims: ServerClaims,
  options: ChannelServerOptions<never>,
  onError: (error: unknown) => void,
): ServerParts {
  const { pageCacheBytes = 32 * 1_024 * 1_024, maxNewChannelsPerHour = 10_000 } = options;
  const heartbeatMs = (claims.heartbeatS ?? FEED_HEARTBEAT_S) * 1_000;
  const { observer } = options;
  const stored = (channel: string, cursor: string, beganMs: number): void =>
    feeds.stored(channel, cursor, beganMs);
  const log = observer ? new ObservedLog(given, observer, stored) : given;
  const feeds = new Feeds(log, { heartbeatMs, onError, observer });
  return {
    log,
    claims,
    feeds,
    newChannels: new NewChannels(log, maxNewChannelsPerHour),
    connections: new Connections(options, observer),
    deadlines: new Deadlines(),
    encoded: new ByteCache(pageCacheBytes),
    hooks: new Hooks({ ...options, onError }),
  };
}
