/** A position of a read or a publish, by the cursors that the history has seen, so that a shorter history stays valid. */
export type Place =
  | { readonly kind: "start" | "end" | "none" | "foreign" | "sibling" }
  /** The n-th of the known cursors, from the newest or from the oldest. */
  | { readonly kind: "newest" | "oldest"; readonly n: number };

/** How a request travels: on its own connection, on one that stays open, or by HTTP/1.0. */
export type Travel = "close" | "keep" | "1.0";

/** A way to make a publish that has to be refused. */
export type PublishFault = "type" | "json" | "empty" | "event" | "after" | "key";

/** A malformed read. */
export type ReadFault = "limit" | "after" | "event" | "repeated" | "gap";

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
  readonly fault?: PublishFault;
}

export interface ReadStep extends Step {
  readonly do: "read";
  readonly at: Place;
  /** `now` is a long poll with `wait=0`. */
  readonly by: "poll" | "now";
  readonly limit?: number;
  readonly event?: string;
  readonly gap?: "start" | "end";
  /** What `If-None-Match` has: the last entity tag, any, or an unknown one. */
  readonly match?: "last" | "any" | "other";
  readonly head?: true;
  /** Sends a parameter that nobody defines. */
  readonly extra?: true;
  /** Sends `Last-Event-ID`, which does not concern a poll. */
  readonly lastEventId?: Place;
  /** Sends `Accept` as browsers do. */
  readonly accept?: true;
  readonly coding?: true;
  readonly fault?: ReadFault;
}

export interface HoldStep extends Step {
  readonly do: "hold";
  readonly at: Place;
  readonly wait: number;
  readonly event?: string;
  readonly gap?: "start" | "end";
  readonly limit?: number;
  readonly copies: number;
}

export interface StreamStep extends Step {
  readonly do: "stream";
  readonly at: Place;
  /** Where the position is: `after`, `Last-Event-ID`, or the latter and another one in `after`. */
  readonly by: "after" | "header" | "both";
  readonly event?: string;
  readonly gap?: "start" | "end";
  /** Asks by `Accept` and not by `stream=1`. */
  readonly accept?: true;
  readonly copies: number;
  /** The next step comes before the stream has begun. */
  readonly eager?: true;
  readonly coding?: true;
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
  | BurstStep
  | PacketStep
  | RemoveStep
  | TrimStep
  | RestartStep
  | CutStep
  | SettleStep;

export type History = readonly HistoryStep[];
