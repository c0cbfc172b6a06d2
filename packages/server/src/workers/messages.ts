import type { LogCall, LogReply } from "./log-calls.ts";

/** What the primary process tells a worker. */
export type ToWorker =
  | { readonly type: "drain"; readonly windowMs: number }
  | { readonly type: "log"; readonly reply: LogReply };

/** What a worker tells the primary process. */
export type FromWorker =
  /** It takes connections. */
  | { readonly type: "listening"; readonly url: string; readonly port: number }
  /** It could not start, and ends; `reason` is for people. */
  | { readonly type: "failed"; readonly reason: string }
  | { readonly type: "log"; readonly call: LogCall };
