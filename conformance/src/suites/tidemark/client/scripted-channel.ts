import { utf8 } from "../../../engine/wire/bytes.ts";
import {
  type Answer,
  beginStream,
  gapProblem,
  json,
  page,
  type StreamStyle,
  tidemarkHeaders,
} from "./answers.ts";
import { closedBlock, messageBlock, openBlock } from "./block-text.ts";
import type { Origin } from "./origin.ts";
import type { Reply } from "./reply.ts";
import type { ScriptedMessage } from "./scripted-log.ts";
import type { SeenRequest } from "./seen-request.ts";

/** The contents of a channel of the origin, and where it deviates from a conforming server. */
export interface ChannelScript {
  readonly messages?: readonly ScriptedMessage[];
  /** The channel is closed after these messages. */
  readonly closed?: boolean;
  /** Most messages per page. */
  readonly pageSize?: number;
  /** `retry` of a page without `more`, in milliseconds. */
  readonly pageRetryMs?: number;
  /** `retry:` of a stream, in milliseconds. */
  readonly streamRetryMs?: number;
  /** The heartbeat that a stream announces, in seconds; the channel sends none. */
  readonly heartbeatS?: number;
  readonly style?: StreamStyle;
  /** Give the channel its own port, so that its first request comes on a new connection. */
  readonly ownPort?: boolean;
  /** The answer to request `number` (from 1); undefined: answer as a conforming server would. */
  readonly script?: (request: SeenRequest, number: number) => Answer | undefined;
}

/** Callbacks for what happens to a channel. */
export interface ChannelListeners {
  readonly onRequest: (request: SeenRequest) => void;
  /** The test appends messages or closes the channel. */
  readonly onChange: () => void;
}

/** The position before the first message. */
export const BEGINNING = "S-0";

/** A channel of the origin: a small conforming server, except where its script says otherwise. */
export class ScriptedChannel {
  readonly url: string;
  readonly messages: ScriptedMessage[];
  readonly requests: SeenRequest[] = [];
  readonly #script: ChannelScript;
  readonly #told: ChannelListeners;
  readonly #wakes = new Set<() => void>();
  #closed: boolean;

  constructor(origin: Origin, path: string, script: ChannelScript, told: ChannelListeners) {
    this.url = origin.urlOf(path, script.ownPort);
    this.messages = [...(script.messages ?? [])];
    this.#script = script;
    this.#closed = script.closed ?? false;
    this.#told = told;
    origin.handle(path, (reply) => this.#answer(reply));
  }

  /** Append messages: held long polls are answered, and streams receive them. */
  append(...messages: readonly ScriptedMessage[]): void {
    this.#told.onChange();
    this.#add(messages);
  }

  /** Close the channel: held long polls are answered, and streams end. */
  close(): void {
    this.#told.onChange();
    this.#closed = true;
    this.#wake();
  }

  /** The position after the newest message. */
  get end(): string {
    return this.messages.at(-1)?.cursor ?? BEGINNING;
  }

  /** Answers as a conforming server would. */
  readonly conforming: Answer = (reply) => {
    const { request } = reply;
    if (request.method === "POST") return this.#publish(reply);
    const from = this.#indexOf(request.position);
    if (from === undefined) return this.#gap(reply);
    if (request.isStream) return this.#stream(reply, from);
    return request.waitS === undefined ? this.#page(reply, from) : this.#hold(reply, from);
  };

  #answer(reply: Reply): void {
    this.requests.push(reply.request);
    this.#told.onRequest(reply.request);
    const scripted = this.#script.script?.(reply.request, this.requests.length);
    (scripted ?? this.conforming)(reply);
  }

  #add(messages: readonly ScriptedMessage[]): void {
    this.messages.push(...messages);
    this.#wake();
  }

  #wake(): void {
    for (const wake of [...this.#wakes]) wake();
  }

  /** How many messages precede the position; undefined if the channel does not know it. */
  #indexOf(position = "start"): number | undefined {
    if (position === "start" || position === BEGINNING) return 0;
    if (position === "end") return this.messages.length;
    const at = this.messages.findIndex(({ cursor }) => cursor === position);
    return at === -1 ? undefined : at + 1;
  }

  #cursorAt(index: number): string {
    return this.messages[index - 1]?.cursor ?? BEGINNING;
  }

  #gap(reply: Reply): void {
    const { position: requested } = reply.request;
    gapProblem({ reason: "unknown", requested, start: BEGINNING, end: this.end })(reply);
  }

  #page(reply: Reply, from: number): void {
    const { pageSize = 100, pageRetryMs, style } = this.#script;
    const messages = this.messages.slice(from, from + pageSize);
    const to = from + messages.length;
    const more = to < this.messages.length;
    const closed = this.#closed && !more ? { closed: true as const } : {};
    const polled = reply.request.waitS === undefined;
    const retry = more || !polled ? {} : { retry: pageRetryMs ?? 10 };
    page({ messages, cursor: this.#cursorAt(to), more, ...closed, ...retry }, style?.claims)(reply);
  }

  #hold(reply: Reply, from: number): void {
    const { position = "start", waitS = 0 } = reply.request;
    const isWord = position === "start" || position === "end";
    if (isWord || this.#closed || this.messages.length > from || waitS === 0) {
      this.#page(reply, from);
      return;
    }
    const answer = (): void => {
      clearTimeout(timer);
      this.#wakes.delete(answer);
      if (!reply.over) this.#page(reply, from);
    };
    const timer = setTimeout(answer, waitS * 1000).unref();
    this.#wakes.add(answer);
  }

  #stream(reply: Reply, from: number): void {
    const { streamRetryMs: retry = 10, heartbeatS: heartbeat = 15, style = {} } = this.#script;
    const isTold = reply.request.header("last-event-id") === this.end;
    if (this.#closed && isTold) {
      reply.whole(204, tidemarkHeaders(style.claims));
      return;
    }
    beginStream(reply, style);
    let sent = from;
    const write = (text: string): void => reply.chunk(utf8(text));
    const advance = (): void => {
      const news = this.messages.slice(sent);
      sent += news.length;
      write(news.map((message) => messageBlock(message)).join(""));
      if (!this.#closed && !reply.over) return;
      this.#wakes.delete(advance);
      write(closedBlock(this.end));
      reply.end();
    };
    write(openBlock(this.#cursorAt(from), { retry, heartbeat }));
    this.#wakes.add(advance);
    advance();
  }

  #publish(reply: Reply): void {
    const body = JSON.parse(reply.request.text) as {
      readonly messages?: readonly { readonly data: unknown }[];
    };
    const cursors = (body.messages ?? []).map(({ data }) => {
      const cursor = `P-${this.messages.length + 1}`;
      this.#add([{ cursor, json: JSON.stringify(data) }]);
      return cursor;
    });
    json(200, JSON.stringify({ cursors, cursor: this.end }), this.#script.style?.claims)(reply);
  }
}
