import type { LogHealth } from "@tidemark/log";
import type { Page } from "../own-pages.ts";
import type { LogCall, LogReply } from "./log-calls.ts";

/** A message from the primary process to a worker. */
export type ToWorker =
  /** The settings of the server, before anything else. */
  | { readonly type: "settings"; readonly settings: unknown }
  /** Comes with a connection, which the worker serves. */
  | { readonly type: "connection" }
  /** No connection comes after this. The worker drains its connections over `windowMs`, and ends. */
  | { readonly type: "drain"; readonly windowMs: number }
  /** Asks for the worker's metrics. */
  | { readonly type: "collect"; readonly id: number }
  /** The answer to `scrape`. */
  | { readonly type: "scraped"; readonly id: number; readonly page: Page }
  | { readonly type: "log"; readonly reply: LogReply };

/** A message from a worker to the primary process. */
export type FromWorker =
  /** The worker can serve connections. */
  | { readonly type: "ready" }
  /** The worker was asked to end, and waits for `drain` with this `windowMs`. */
  | { readonly type: "leaving"; readonly windowMs: number }
  /** The worker could not start, and ends; `reason` is text for the operator. */
  | { readonly type: "failed"; readonly reason: string }
  /** Whether the worker's own log can be used: sent before `ready`, and at each change. */
  | { readonly type: "health"; readonly health: LogHealth; readonly isFirst: boolean }
  /** The answer to `collect`: the worker's metrics, as prom-client exports them. */
  | { readonly type: "collected"; readonly id: number; readonly values: unknown }
  /** Asks for the metrics of all workers together. */
  | { readonly type: "scrape"; readonly id: number }
  | { readonly type: "log"; readonly call: LogCall };
