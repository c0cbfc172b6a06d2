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
  "The server does not accept the name in Host: add it to the option hosts (tidemark serve: --host-name)";
const FOREIGN_PAGE =
  "Pages of this origin may not write here: add it to the option cors.write (tidemark serve: --cors-write-origin)";

/** What both entries to the channels share: the Koa middleware, and `handle`, which runs before Koa. */
export class Rim {
  readonly server: ChannelServer;
  /** For streams through Koa. */
  readonly sinkOptions: SinkOptions;
  /** For streams through `handle`. No other code sees their request, except a hook, which can use it at any time. */
  readonly ownSinkOptions: SinkOptions;
  readonly onError: (error: unknown) => void;
  /** Answers that `handle` can reuse; undefined if answers depend on a hook or on the origin. */
  readonly known: KnownAnswers | undefined;
  readonly #cors: Cors;
  readonly #hosts: Hosts;
  readonly #headers: CommonHeaders;
  /** Listener for `error` on a response: other code wrote after its end. Without it, the process would end. */
  readonly wroteLate: (error: unknown) => void;
  /** Limits the reports of interference, which can happen at every request. */
  readonly #throttle: Throttle;

  constructor(log: Log, mechanisms: readonly Mechanism[], options: ServeOptions) {
    const { cors = {}, drainTimeoutMs = 60_000, plainStreams = false } = options;
    const told = options.onError ?? throttledReport();
    const onError = (error: unknown): void => this.tell(told, error);
    this.#throttle = new Throttle((code, count, seconds) => {
      safely(told, new Error(`${count} more requests failed with "${code}" within ${seconds} s`));
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

  /** The answer to a request. `failed` is called with failures of the server, which the client sees as `internal`. */
  answer(
    exchange: Exchange,
    isNoName: boolean,
    host: string,
    failed: (error: unknown) => void,
  ): Promise<Answer> {
    return this.admitted(exchange, isNoName, host).then(undefined, (error) => this.refusal(error, failed));
  }

  /** The same, but rejects with refusals and failures, which {@link refusal} turns into answers. */
  admitted(exchange: Exchange, isNoName: boolean, host: string): Promise<Answer> {
    if (isNoName)
      return Promise.reject(new ProtocolError("no-such-channel", "This is not a valid channel name"));
    if (!this.#hosts.accepts(host)) return Promise.reject(new ProtocolError("forbidden", WRONG_HOST));
    const { method, headers } = exchange;
    if (!this.#mayUse(method, headers.origin, host))
      return Promise.reject(new ProtocolError("forbidden", FOREIGN_PAGE));
    return this.server.answer(exchange);
  }

  /** A known answer to a poll, if its `Host` is accepted. */
  find(request: IncomingMessage): Ready | undefined {
    if (this.known === undefined || !this.#hosts.accepts(request.headers.host ?? "")) return undefined;
    return this.known.find(request);
  }

  /** The answer for a refusal or a failure. */
  refusal(error: unknown, failed: (error: unknown) => void): Answer {
    if (error instanceof ProtocolError) return this.server.refusal(error);
    this.tell(failed, error);
    return this.server.refusal(new ProtocolError("internal", "The server failed", { cause: error }));
  }

  /** Whether the sender may use a method: a program, which sends no origin, or a page. */
  #mayUse(method: string, origin: string | undefined, host: string): boolean {
    return origin === undefined || this.#cors.allows(method, origin) || this.#hosts.isOwn(origin, host);
  }

  /** Report a failure to the application; interference of the same kind is throttled. Never throws. */
  tell(failed: (error: unknown) => void, error: unknown): void {
    if (!(error instanceof InterferenceError) || this.#throttle.passes(error.code)) safely(failed, error);
  }

  /** Whether it is too late to answer: the client has disconnected, or other code has answered, which is reported. */
  isTaken(res: ServerResponse, failed: (error: unknown) => void): boolean {
    if (!res.headersSent && !res.writableEnded) return res.destroyed;
    const message = `Other code sent an answer (${res.statusCode}) before Tidemark did: Tidemark's answer is dropped`;
    this.tell(failed, new InterferenceError("response-sent-before", message));
    return true;
  }

  /** Handle a failed write: the client gets an empty `500`, or at least the end of its connection. */
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
      res.destroy(); // the same failure again, which was reported above
    }
  }

  /** All header fields of an answer to a request. */
  fieldsOf(method: string, { headers, httpVersionMajor }: IncomingMessage, answer: Answer): string[] {
    const fields = this.#headers.of(method, headers.origin, answer);
    if (this.server.draining && httpVersionMajor < 2) fields.push("Connection", "close");
    return fields;
  }
}

/** Call the application's function for failures. If it throws, print both errors. */
function safely(failed: (error: unknown) => void, error: unknown): void {
  try {
    failed(error);
  } catch (another) {
    console.error(error, another);
  }
}
