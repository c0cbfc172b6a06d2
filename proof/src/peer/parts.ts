import type { Socket } from "node:net";
import type { ServerOptions } from "@tidemark/conformance";
import type { Log } from "@tidemark/log";
import type { LogUnderTest } from "@tidemark/log/contract";
import type { TidemarkOptions } from "@tidemark/server";
import type { Mechanism } from "@tidemark/server-core";
import type { Middleware } from "koa";
import type { Running } from "./start.ts";

/** What is changed of the reference server; each part wraps what was there. */
export interface Parts {
  /** What is served. @defaultValue a log in memory that outlives a restart */
  readonly subject?: LogUnderTest;
  /** `restarted`: it is what was opened again after a restart. */
  readonly log?: (log: Log, restarted: boolean) => Log;
  readonly mechanisms?: (mechanisms: readonly Mechanism[]) => readonly Mechanism[];
  /** Run around the whole server, the first outermost. */
  readonly outer?: readonly Middleware[];
  /** Sees each connection before the server does. */
  readonly socket?: (socket: Socket) => void;
  readonly options?: TidemarkOptions;
}

/** A server, and how the suite is to be run on it. */
export interface Subject extends Parts {
  /** Immutable name, kebab-case. */
  readonly id: string;
  /** What the suite is told of it, beside the URL and the seed. */
  readonly suite?: (running: Running) => Partial<ServerOptions>;
  /** The suite provokes faults too; that takes time, so only where they are what it is about. */
  readonly isProvoked?: boolean;
}

/** Both changes, one around the other. */
export function both(inner: Parts, around: Parts): Parts {
  return {
    log: (log, restarted) => {
      const changed = inner.log?.(log, restarted) ?? log;
      return around.log?.(changed, restarted) ?? changed;
    },
    mechanisms: (mechanisms) => apply(around.mechanisms, apply(inner.mechanisms, mechanisms)),
    outer: [...(around.outer ?? []), ...(inner.outer ?? [])],
    socket: (socket) => {
      inner.socket?.(socket);
      around.socket?.(socket);
    },
    options: { ...inner.options, ...around.options },
  };
}

function apply<T>(change: ((value: T) => T) | undefined, value: T): T {
  return change ? change(value) : value;
}
