import type { Socket } from "node:net";
import type { ServerOptions } from "@tidemark/conformance";
import type { Log } from "@tidemark/log";
import type { LogUnderTest } from "@tidemark/log-contract";
import type { TidemarkOptions } from "@tidemark/server";
import type { Mechanism } from "@tidemark/server-core";
import type { Middleware } from "koa";

/** Changes to the reference server; each wraps the original part. */
export interface Parts {
  /** The log to serve. @defaultValue a log in memory that survives a restart */
  readonly subject?: LogUnderTest;
  /** `restarted` is true if the log was reopened after a restart. */
  readonly log?: (log: Log, restarted: boolean) => Log;
  readonly mechanisms?: (mechanisms: readonly Mechanism[]) => readonly Mechanism[];
  /** Middleware around the whole server, the first outermost. */
  readonly outer?: readonly Middleware[];
  /** Sees each connection before the server does. */
  readonly socket?: (socket: Socket) => void;
  readonly options?: TidemarkOptions;
}

/** A server, and how to run the suite against it. */
export interface Subject extends Parts {
  /** Immutable name, kebab-case. */
  readonly id: string;
  /** Options of the suite, in addition to the URL and the seed. */
  readonly suite?: (running: Running) => Partial<ServerOptions>;
  /** Whether the suite also provokes faults. This takes time, so only mutants that need faults set it. */
  readonly isProvoked?: boolean;
}

/** Both changes, `around` outside of `inner`. */
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

/** A server under test. */
export interface Running {
  readonly url: string;
  /** The URL of the control interface, which provokes faults. */
  readonly controlUrl: string;
  /** Its log, for publishing directly to it. */
  readonly log: Log;
  close(): Promise<void>;
}
