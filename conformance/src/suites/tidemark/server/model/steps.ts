/** A position of a read or a publish, by the cursors that the history has seen, so that a shorter history stays valid. */
export type Place =
  | { readonly kind: "start" | "end" | "none" | "foreign" | "sibling" }
  /** The n-th of the known cursors, from the newest or from the oldest. */
  | { readonly kind: "newest" | "oldest"; readonly n: number }
  /** The n-th newest cursor with one character changed: it was never given to anybody. */
  | { readonly kind: "forged"; readonly n: number }
  /** No cursor; only `Last-Event-ID` can have it, and `form` says which one. */
  | { readonly kind: "malformed"; readonly form: number };

/** How a request travels: on its own connection, on one that stays open, or by HTTP/1.0. */
export type Travel = "close" | "keep" | "1.0";

/** A way to make a publish that has to be refused. */
export type PublishFault = "type" | "coding" | "json" | "shape" | "event" | "after" | "key";

/** A parameter with a value that has to be refused, or that is repeated. */
export type ReadFault = "limit" | "after" | "event" | "gap" | "stream" | "wait" | "repeated";

/** Another way to write the same publish. */
export type PublishSpelling =
  | "spaced"
  | "escaped"
  | "extra"
  | "explicit"
  | "chunked"
  | "typed"
  | "query"
  | "full";

/** Another way to write the same query. */
export type ReadSpelling = "encoded" | "reversed" | "padded";

interface Step {
  /** The channel of the history, or its sibling. */
  readonly channel: 0 | 1;
  readonly travel: Travel;
}

export interface PublishStep extends Step {
  readonly do: "publish";
  /** Makes the data of the step unlike that of others, and the same each time it is sent. */
  readonly tag: number;
  readonly count: number;
  /** The length of each message's data, in characters. */
  readonly size: number;
  /** The event names, in turn; `message` is left out. */
  readonly events: readonly string[];
  readonly close?: true;
  readonly after?: Place;
  readonly key?: number;
  readonly spelled?: PublishSpelling;
  readonly fault?: PublishFault;
  /** Which of the forms of the fault. */
  readonly form?: number;
}

export interface ReadStep extends Step {
  readonly do: "read";
  readonly at: Place;
  /** `now` is a long poll with `wait=0`. */
  readonly by: "poll" | "now";
  /** The text of `limit`: it can have any number of digits. */
  readonly limit?: string;
  readonly event?: string;
  readonly gap?: "start" | "end";
  /** What `If-None-Match` has: the last entity tag, alone, without `W/` or among others; any; or an unknown one. */
  readonly match?: "last" | "strong" | "listed" | "any" | "other";
  readonly head?: true;
  /** Sends a parameter that nobody defines. */
  readonly extra?: true;
  /** Sends `Last-Event-ID`, which does not concern a poll. */
  readonly lastEventId?: Place;
  /** Sends the `Accept` of this number: it asks for JSON, or, with HEAD, for anything. */
  readonly accept?: number;
  readonly spelled?: ReadSpelling;
  readonly coding?: true;
  readonly fault?: ReadFault;
  readonly form?: number;
}

export interface HoldStep extends Step {
  readonly do: "hold";
  readonly at: Place;
  readonly wait: number;
  /** The wait is written as a number above each limit. */
  readonly huge?: true;
  readonly event?: string;
  readonly gap?: "start" | "end";
  readonly limit?: string;
  readonly spelled?: ReadSpelling;
  readonly copies: number;
}

export interface StreamStep extends Step {
  readonly do: "stream";
  readonly at: Place;
  /**
   * Where the position is: `after`; `Last-Event-ID`; the latter and another one in `after`; the latter twice; or `after`
   * beside an empty `Last-Event-ID`.
   */
  readonly by: "after" | "header" | "both" | "twice" | "empty";
  readonly event?: string;
  readonly gap?: "start" | "end";
  /** Also sends another position in the parameter `lastEventId`, which the field overrules. */
  readonly rival?: Place;
  /** Asks by the `Accept` of this number and not by `stream=1`. */
  readonly accept?: number;
  readonly spelled?: ReadSpelling;
  readonly copies: number;
  /** The next step comes before the stream has begun. */
  readonly eager?: true;
  readonly coding?: true;
}

/** A request by a method that says nothing about messages. */
export interface MethodStep extends Step {
  readonly do: "method";
  readonly method: "OPTIONS" | "PUT" | "PATCH" | "get" | "delete";
}

/** Posts that are under way at the same time. */
export interface BurstStep extends Step {
  readonly do: "burst";
  readonly posts: readonly PublishStep[];
  readonly pauseMs: number;
}

/** Reads in one packet on one connection. */
export interface PacketStep extends Step {
  readonly do: "packet";
  readonly reads: readonly ReadStep[];
}

export interface RemoveStep extends Step {
  readonly do: "remove";
}

export interface TrimStep extends Step {
  readonly do: "trim";
  readonly keep: number;
}

export interface RestartStep extends Step {
  readonly do: "restart";
}

/** A stream is cut by its reader, which may resume. */
export interface CutStep extends Step {
  readonly do: "cut";
  readonly which: number;
  readonly resume: boolean;
}

/** Wait until every reader has what it should have. */
export interface SettleStep extends Step {
  readonly do: "settle";
  /** Milliseconds of silence afterwards, long enough for a heartbeat. */
  readonly restMs?: number;
}

export type HistoryStep =
  | PublishStep
  | ReadStep
  | HoldStep
  | StreamStep
  | MethodStep
  | BurstStep
  | PacketStep
  | RemoveStep
  | TrimStep
  | RestartStep
  | CutStep
  | SettleStep;

export type History = readonly HistoryStep[];
