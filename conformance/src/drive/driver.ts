import type { Channel } from "../run/target.ts";
import type { Exchange } from "../wire/exchange.ts";
import type { RequestInit } from "../wire/request.ts";
import type { ExtraHeader } from "../wire/secrets.ts";

/** A message to publish; `json` is the text of its data, so that numbers go out as they are written. */
export interface Draft {
  readonly event?: string;
  readonly json: string;
}

/** What a driver gets from the suite: recorded requests, and the end of the run. */
export interface DriverContext {
  /** Send a request and wait for the whole answer; it is part of the test's transcript. */
  exchange(init: RequestInit): Promise<Exchange>;
  /** The same without the headers that the user gave for the target: for requests to anything else. */
  exchangeBare(init: RequestInit): Promise<Exchange>;
  readonly signal: AbortSignal;
}

/** The target's way to change a channel. Each method resolves once it is done, and throws {@link DriverError} when it failed. */
export interface Driver {
  readonly name: string;
  /** Header fields that it sends and whose values no output may show. */
  readonly secrets?: readonly ExtraHeader[];
  publish(channel: Channel, drafts: readonly Draft[], context: DriverContext): Promise<void>;
  /** Absent: the driver cannot close. */
  close?(channel: Channel, context: DriverContext): Promise<void>;
  /** Absent: the driver cannot remove. Resolves to false when the target does not offer removal. */
  remove?(channel: Channel, context: DriverContext): Promise<boolean>;
}

/** A driver could not do what it was asked; a test that needed it decides nothing. */
export class DriverError extends Error {
  override readonly name = "DriverError";
}

/** A draft of any JSON value. */
export function draft(data: unknown, event?: string): Draft {
  return { json: JSON.stringify(data), ...(event === undefined ? {} : { event }) };
}

/** The text of a publish: the protocol's body for these drafts, with further members if wanted. */
export function publishBody(
  drafts: readonly Draft[],
  members: Readonly<Record<string, unknown>> = {},
): string {
  const messages = drafts.map(({ event, json }) =>
    event === undefined ? `{"data":${json}}` : `{"event":${JSON.stringify(event)},"data":${json}}`,
  );
  const rest = Object.entries(members).map(
    ([name, value]) => `,${JSON.stringify(name)}:${JSON.stringify(value)}`,
  );
  return `{"messages":[${messages.join(",")}]${rest.join("")}}`;
}
