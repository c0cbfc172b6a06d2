import type { Socket } from "node:net";
import type { ServerOptions } from "@tidemark/conformance";
import type { Log, MemoryLogOptions } from "@tidemark/log";
import type { TidemarkOptions } from "@tidemark/server";
import type { Mechanism } from "@tidemark/server-core";
import type { Middleware } from "koa";

/** What is changed of the reference server; each part wraps what was there. */
export interface Parts {
  /** Bounds of the log in memory. */
  readonly memory?: MemoryLogOptions;
  readonly log?: (log: Log) => Log;
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
  /** Beside the URL and the seed. */
  readonly suite?: Partial<ServerOptions>;
}

/** Both changes, one around the other. */
export function both(inner: Parts, around: Parts): Parts {
  return {
    memory: { ...inner.memory, ...around.memory },
    log: (log) => apply(around.log, apply(inner.log, log)),
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
