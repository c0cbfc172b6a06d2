/** The version of the contract between the suite and an adapter. */
export const CONTRACT = 1;

/**
 * A mechanism that an adapter can be asked to use; `auto` leaves the choice to the client. `event-stream`: read the
 * event stream of any server, for the suite of event stream clients.
 */
export type ClientMechanism = "poll" | "long-poll" | "sse" | "auto" | "event-stream";

/**
 * What a client can do beyond reading: start at a cursor (`after`); send request headers (`headers`); ask for new
 * credentials after a `401` (`credentials`); let the application choose where to resume after a gap (`gap-choice`);
 * store its position (`store`); publish (`publish`), also without an idempotency key (`publish-without-key`). For event streams: send a body by `POST` (`post`); limit the
 * silence of a connection (`silence`).
 */
export type Capability =
  | "after"
  | "headers"
  | "credentials"
  | "gap-choice"
  | "store"
  | "publish"
  | "publish-without-key"
  | "post"
  | "silence";

/** Waits in milliseconds. An adapter sets those that its client has an option for, which keeps tests short. */
export interface AdapterOptions {
  /** Bound of the client's random wait after a first failure; it grows with each further failure. */
  readonly reconnectMs?: number;
  /** How long the client asks the server to hold a long poll; a multiple of 1000. */
  readonly waitMs?: number;
  /** How long after a fallback the client tries the better mechanism again. */
  readonly probeMs?: number;
  /** After this long without a byte, the client replaces its connection. Only for `silence`. */
  readonly silenceMs?: number;
}

/** Order to follow a channel. */
export interface Open {
  readonly type: "open";
  readonly id: string;
  readonly url: string;
  readonly mechanism: ClientMechanism;
  /** Where to start; if absent, the client's default, which has to be `start`. */
  readonly after?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Open the stream by `POST` with this body; every request may be repeated. Only for `post`. */
  readonly body?: string;
  /** Values for `Authorization`: the first at once, each next one when the client asks for new credentials. */
  readonly credentials?: readonly string[];
  /** How long the application takes to supply `credentials`, before each request, in milliseconds. Optional. */
  readonly credentialsMs?: number;
  /** Where the application wants to resume after a gap; if absent, it has not said so. */
  readonly gap?: "start" | "end";
  readonly options: AdapterOptions;
  /** A message counts as handled once it is reported (`auto`) or by a `commit` order (`manual`). Only for `store`. */
  readonly commit: "auto" | "manual";
}

/** Order to publish messages in one `POST`. */
export interface PublishOrder {
  readonly type: "publish";
  readonly id: string;
  readonly url: string;
  readonly messages: readonly { readonly event?: string; readonly data: unknown }[];
  /** `false`: publish without an idempotency key. */
  readonly key?: false;
  readonly options: AdapterOptions;
}

/** An order of the suite to an adapter; one JSON object per line. */
export type Order =
  | Open
  | PublishOrder
  /** The application has handled message `n` and all before it. */
  | { readonly type: "commit"; readonly id: string; readonly n: number }
  /** Kill the client of `id` without warning and start it again with the store that it left, as a new process would. */
  | { readonly type: "restart"; readonly id: string }
  /** Leave the channel of a subscription, or abandon a publish, and report no more of it. It may already have ended. */
  | { readonly type: "close"; readonly id: string }
  | { readonly type: "bye" };

/** The first line of an adapter: which client it drives, and what that client claims. */
export interface Hello {
  readonly type: "hello";
  readonly contract: number;
  readonly name: string;
  readonly version: string;
  readonly language: string;
  readonly mechanisms: readonly ClientMechanism[];
  readonly capabilities: readonly Capability[];
}

/** A message that the client delivered to its application. */
export interface Delivered {
  readonly type: "message";
  readonly id: string;
  /** Counts the messages of `id` from 1; a restart does not reset it. */
  readonly n: number;
  /** The parsed value. */
  readonly data: unknown;
  /** Absent for `message`. */
  readonly event?: string;
  /** Absent if the client does not expose it. */
  readonly cursor?: string;
}

/** What an adapter reports; one JSON object per line, in ASCII. Unknown members are ignored. */
export type Told =
  | Hello
  | Delivered
  /** The client reported a gap to its application. */
  | { readonly type: "gap"; readonly id: string; readonly reason?: string }
  /** The client reported an error to its application. `terminal`: the client has ended with this error. */
  | {
      readonly type: "error";
      readonly id: string;
      readonly terminal: boolean;
      readonly status?: number;
      readonly detail?: string;
    }
  /** The client has ended without an error. */
  | { readonly type: "done"; readonly id: string }
  | { readonly type: "published"; readonly id: string }
  /** The adapter cannot carry out the order. */
  | { readonly type: "unsupported"; readonly id: string; readonly detail?: string };
