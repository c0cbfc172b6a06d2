import type { IncomingMessage } from "node:http";
import type { Log } from "@tidemark/log";
import { ProtocolError } from "@tidemark/protocol";
import type { Answer } from "./answer.ts";
import type { Exchange } from "./channel-request.ts";
import { ChannelServer } from "./channel-server.ts";
import { CommonHeaders } from "./common-headers.ts";
import { Cors } from "./cors.ts";
import { Hosts } from "./hosts.ts";
import { KnownAnswers, type Ready } from "./known-answers.ts";
import type { Mechanism } from "./mechanism.ts";
import type { ServeOptions } from "./serve.ts";
import type { SinkOptions } from "./stream-sink.ts";

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

  constructor(log: Log, mechanisms: readonly Mechanism[], options: ServeOptions) {
    const { cors = {}, drainTimeoutMs = 60_000, onError = console.error, plainStreams = false } = options;
    this.server = new ChannelServer(log, mechanisms, options);
    this.sinkOptions = { drainTimeoutMs, onError, plain: plainStreams };
    const { authorize } = options;
    this.ownSinkOptions = { ...this.sinkOptions, unobserved: authorize === undefined && !plainStreams };
    this.onError = onError;
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
    failed(error);
    return this.server.refusal(new ProtocolError("internal", "The server failed", { cause: error }));
  }

  /** Whether a method is open to who sends it: a program, which has no origin, or a page. */
  #mayUse(method: string, origin: string | undefined, host: string): boolean {
    return origin === undefined || this.#cors.allows(method, origin) || this.#hosts.isOwn(origin, host);
  }

  /** All header fields of an answer to a request. */
  fieldsOf(method: string, { headers, httpVersionMajor }: IncomingMessage, answer: Answer): string[] {
    const fields = this.#headers.of(method, headers.origin, answer);
    if (this.server.draining && httpVersionMajor < 2) fields.push("Connection", "close");
    return fields;
  }
}
