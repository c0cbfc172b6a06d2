import type { Order } from "./contract.ts";

/** A connection to an adapter, over any transport. */
export interface AdapterLink {
  send(order: Order): void;
  /** End the adapter; resolves when it has ended. */
  close(): Promise<void>;
  /** The end of what the adapter wrote for people, such as its standard error; may be empty. */
  lastWords?(): string;
  /** How long the adapter may take to say hello, in milliseconds. @defaultValue 30_000 */
  readonly helloLimitMs?: number;
}

/** Receives what an adapter sends. */
export interface AdapterListener {
  /** The value of one line, not validated yet. */
  told(value: unknown): void;
  /** Nothing more can come; `why` is for people. */
  gone(why: string): void;
}

/** Connect to an adapter. */
export type ConnectAdapter = (listener: AdapterListener) => AdapterLink;
