import type { LogHealth } from "@tidemark/log";
import type { LogCall, LogReply } from "./log-calls.ts";

/** What the primary process tells a worker. */
export type ToWorker =
  /** Comes with a connection. The worker serves it. */
  | { readonly type: "connection" }
  /** No connection comes after this. The worker lets go of those that it has, over `windowMs`, and ends. */
  | { readonly type: "drain"; readonly windowMs: number }
  | { readonly type: "log"; readonly reply: LogReply };

/** What a worker tells the primary process. */
export type FromWorker =
  /** It can take connections. */
  | { readonly type: "ready" }
  /** It was asked to end, and waits for `drain` with this `windowMs`. */
  | { readonly type: "leaving"; readonly windowMs: number }
  /** It could not start, and ends; `reason` is for people. */
  | { readonly type: "failed"; readonly reason: string }
  /** Whether its own log can be used: before it is ready, and at each change. */
  | { readonly type: "health"; readonly health: LogHealth; readonly isFirst: boolean }
  | { readonly type: "log"; readonly call: LogCall };
