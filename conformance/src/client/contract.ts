/** The version of the contract between the suite and an adapter. */
export const CONTRACT = 1;

/** A way to read that an adapter can be asked for; `auto` leaves the choice to the client. */
export type ClientMechanism = "poll" | "long-poll" | "sse" | "auto";

/**
 * What a client can do beyond reading: begin at a cursor (`after`); send request headers (`headers`); ask for new
 * credentials after a `401` (`credentials`); be told where to go on after a gap (`gap-choice`); store its position
 * (`store`); publish (`publish`), and without an idempotency key too (`publish-without-key`).
 */
export type Capability =
  | "after"
  | "headers"
  | "credentials"
  | "gap-choice"
  | "store"
  | "publish"
  | "publish-without-key";

/** Waits that an adapter sets if its client lets it, so that tests need not wait long. All in milliseconds. */
export interface AdapterOptions {
  /** The bound of the client's random wait after a first failure; it grows from there. */
  readonly reconnectMs?: number;
  /** How long the client asks a long poll to be held; whole seconds. */
  readonly waitMs?: number;
  /** After how long a client that went down tries the better mechanism again. */
  readonly probeMs?: number;
}

/** Asks the adapter to follow a channel. */
export interface Open {
  readonly type: "open";
  readonly id: string;
  readonly url: string;
  readonly mechanism: ClientMechanism;
  /** Where to begin; absent: the client's default has to be `start`. */
  readonly after?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Values for `Authorization`: the first from the start, each next one when the client asks for new credentials. */
  readonly credentials?: readonly string[];
  /** What the application says about gaps. Absent: nothing. */
  readonly gap?: "start" | "end";
  readonly options: AdapterOptions;
  /** `auto`: a message is handled when it was reported. `manual`: when `commit` says so. Matters with `store` alone. */
  readonly commit: "auto" | "manual";
}

/** Asks the adapter to publish messages in one `POST`. */
export interface PublishOrder {
  readonly type: "publish";
  readonly id: string;
  readonly url: string;
  readonly messages: readonly { readonly event?: string; readonly data: unknown }[];
  /** False: without an idempotency key. */
  readonly key?: false;
  readonly options: AdapterOptions;
}

/** What the suite tells an adapter; one JSON object a line. */
export type Order =
  | Open
  | PublishOrder
  /** The application has handled message `n` and all before it. */
  | { readonly type: "commit"; readonly id: string; readonly n: number }
  /** End the client of `id` without warning and begin it anew with the store that it left, as a new process would. */
  | { readonly type: "restart"; readonly id: string }
  /** Leave the channel of a subscription, or give a publish up; nothing more is told of it. It may long have ended. */
  | { readonly type: "close"; readonly id: string }
  | { readonly type: "bye" };

/** Says who the client is; the first line of an adapter. */
export interface Hello {
  readonly type: "hello";
  readonly contract: number;
  readonly name: string;
  readonly version: string;
  readonly language: string;
  readonly mechanisms: readonly ClientMechanism[];
  readonly capabilities: readonly Capability[];
}

/** A message that the client handed on. */
export interface Delivered {
  readonly type: "message";
  readonly id: string;
  /** Counts the messages of `id` from 1, on from a restart. */
  readonly n: number;
  /** The parsed value. */
  readonly data: unknown;
  /** Absent for `message`. */
  readonly event?: string;
  /** Absent where the client does not tell it. */
  readonly cursor?: string;
}

/** What an adapter tells; one JSON object a line, only ASCII in it. Members that are not known are ignored. */
export type Told =
  | Hello
  | Delivered
  /** The client told its application of a gap. */
  | { readonly type: "gap"; readonly id: string; readonly reason?: string }
  /** The client told its application of an error. `terminal`: it has ended with it. */
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
  /** The adapter cannot do what it was asked for. */
  | { readonly type: "unsupported"; readonly id: string; readonly detail?: string };
