import type { Order } from "./contract.ts";

/** A connection to an adapter, over whatever carrier. */
export interface AdapterLink {
  send(order: Order): void;
  /** End the adapter; resolves when it has gone. */
  close(): Promise<void>;
  /** What the adapter wrote for people, the end of it; empty: nothing. */
  lastWords?(): string;
  /** How long the adapter may take to say hello, in milliseconds. @defaultValue 30_000 */
  readonly helloLimitMs?: number;
}

/** What a carrier hands to the suite. */
export interface AdapterListener {
  /** A value that came as one line; not checked yet. */
  told(value: unknown): void;
  /** Nothing more can come, and why. */
  gone(why: string): void;
}

/** Connect to an adapter. */
export type ConnectAdapter = (listener: AdapterListener) => AdapterLink;
