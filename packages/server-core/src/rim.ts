import type { IncomingMessage, ServerResponse } from "node:http";
import type { Log } from "@tidemark/log";
import { ProtocolError } from "@tidemark/protocol";
import type { Answer } from "./answer.ts";
import type { Exchange } from "./channel-request.ts";
import { ChannelServer } from "./channel-server.ts";
import { CommonHeaders } from "./common-headers.ts";
import { Cors } from "./cors.ts";
import { Hosts } from "./hosts.ts";
import { InterferenceError } from "./interference.ts";
import { KnownAnswers, type Ready } from "./known-answers.ts";
import type { Mechanism } from "./mechanism.ts";
import type { ServeOptions } from "./serve.ts";
import type { SinkOptions } from "./stream-sink.ts";
import { Throttle } from "./throttle.ts";
import { throttledReport } from "./throttled-report.ts";

const WRONG_HOST =
  "This server is not known by the name in Host: add it to the option hosts (tidemark serve: --host-name)";
const FOREIGN_PAGE =
  "Pages of this origin may not write here: name it in the option cors.write (tidemark serve: --cors-write-origin)";

/** What both ways to the channels, through Koa and ahead of it, have in common. */
export class Rim {
  readonly server: ChannelServer;
  /** For streams behind Koa. */
  readonly sinkOptions: SinkOptions;
  /** For streams ahead of it, whose request nobody else sees; a hook may ask for it all its life. */
  readonly ownSinkOptions: SinkOptions;
  readonly onError: (error: unknown) => void;
  /** Polls ahead of Koa that were answered; where a hook has a say, or the origin, each is looked at anew. */
  readonly known: KnownAnswers | undefined;
  readonly #cors: Cors;
  readonly #hosts: Hosts;
  readonly #headers: CommonHeaders;
  /** Other code wrote to a response after its end; without a listener, that would end the process. */
  readonly wroteLate: (error: unknown) => void;
  /** What other code does to requests can come with every request. */
  readonly #throttle: Throttle;

  constructor(log: Log, mechanisms: readonly Mechanism[], options: ServeOptions) {
    const { cors = {}, drainTimeoutMs = 60_000, plainStreams = false } = options;
    const told = options.onError ?? throttledReport();
    const onError = (error: unknown): void => this.tell(told, error);
    this.#throttle = new Throttle((code, count, seconds) => {
      safely(told, new Error(`${count} more requests had the trouble "${code}" within ${seconds} s`));
    });
    this.wroteLate = (cause) =>
      onError(new InterferenceError("response-broken", "Other code broke a response", { cause }));
    this.server = new ChannelServer(log, mechanisms, { ...options, onError });
    this.sinkOptions = { drainTimeoutMs, onError, plain: plainStreams };
    const { authorize } = options;
    this.ownSinkOptions = { ...this.sinkOptions, unobserved: authorize === undefined && !plainStreams };
    this.onError = told;
    this.#cors = new Cors(cors);
    this.#hosts = new Hosts(options.hosts);
    this.#headers = new CommonHeaders(this.server, this.#cors);
    const isPlain = authorize === undefined && options.channels === undefined && !this.#headers.varies;
    const revision = log.revision?.bind(log);
    this.known = isPlain && revision !== undefined ? new KnownAnswers(revision) : undefined;
  }

  /** The answer to a request; `failed` is told of failures of our own, which the client learns as `internal`. */
  answer(
    exchange: Exchange,
    isNoName: boolean,
    host: string,
    failed: (error: unknown) => void,
  ): Promise<Answer> {
    return this.admitted(exchange, isNoName, host).then(undefined, (error) => this.refusal(error, failed));
  }

  /** The same; rejects with refusals and failures, which {@link refusal} makes answers. */
  admitted(exchange: Exchange, isNoName: boolean, host: string): Promise<Answer> {
    if (isNoName)
      return Promise.reject(new ProtocolError("no-such-channel", "No channel can have this name"));
    if (!this.#hosts.accepts(host)) return Promise.reject(new ProtocolError("forbidden", WRONG_HOST));
    const { method, headers } = exchange;
    if (!this.#mayUse(method, headers.origin, host))
      return Promise.reject(new ProtocolError("forbidden", FOREIGN_PAGE));
    return this.server.answer(exchange);
  }

  /** A poll that was answered before, if it is for this server. */
  find(request: IncomingMessage): Ready | undefined {
    if (this.known === undefined || !this.#hosts.accepts(request.headers.host ?? "")) return undefined;
    return this.known.find(request);
  }

  /** What is answered instead, because of a refusal or a failure. */
  refusal(error: unknown, failed: (error: unknown) => void): Answer {
    if (error instanceof ProtocolError) return this.server.refusal(error);
    this.tell(failed, error);
    return this.server.refusal(new ProtocolError("internal", "The server failed", { cause: error }));
  }

  /** Whether a method is open to who sends it: a program, which has no origin, or a page. */
  #mayUse(method: string, origin: string | undefined, host: string): boolean {
    return origin === undefined || this.#cors.allows(method, origin) || this.#hosts.isOwn(origin, host);
  }

  /** Tell the application of a failure, if it wants to hear of one more of this kind. Never throws. */
  tell(failed: (error: unknown) => void, error: unknown): void {
    if (!(error instanceof InterferenceError) || this.#throttle.passes(error.code)) safely(failed, error);
  }

  /** Whether it is too late for an answer: the client has gone, or other code has answered, which is told. */
  isTaken(res: ServerResponse, failed: (error: unknown) => void): boolean {
    if (!res.headersSent && !res.writableEnded) return res.destroyed;
    const message = `Other code sent an answer (${res.statusCode}) before Tidemark had its own, which is dropped`;
    this.tell(failed, new InterferenceError("response-sent-before", message));
    return true;
  }

  /** Writing an answer failed: the client gets an empty `500`, or at least the end of its connection. */
  broke(res: ServerResponse, cause: unknown, failed: (error: unknown) => void): void {
    const message = "Writing an answer failed; other code may have wrapped the response";
    this.tell(failed, new InterferenceError("response-broken", message, { cause }));
    try {
      if (res.headersSent) res.destroy();
      else {
        for (const name of res.getHeaderNames()) res.removeHeader(name);
        res.statusCode = 500;
        res.end();
      }
    } catch {
      res.destroy(); // it fails as before, and that was told
    }
  }

  /** All header fields of an answer to a request. */
  fieldsOf(method: string, { headers, httpVersionMajor }: IncomingMessage, answer: Answer): string[] {
    const fields = this.#headers.of(method, headers.origin, answer);
    if (this.server.draining && httpVersionMajor < 2) fields.push("Connection", "close");
    return fields;
  }
}

/** Tell, whatever the application's own function does. */
function safely(failed: (error: unknown) => void, error: unknown): void {
  try {
    failed(error);
  } catch (another) {
    console.error(error, another);
  }
}
