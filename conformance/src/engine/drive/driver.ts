import type { Channel } from "../wire/channel.ts";
import type { Exchange } from "../wire/exchange.ts";
import type { RequestInit } from "../wire/request.ts";
import type { ExtraHeader } from "../wire/secrets.ts";

/** A message to publish; `json` is the text of its data, so that numbers are sent exactly as written. */
export interface Draft {
  readonly event?: string;
  readonly json: string;
  /** The payload of a target that publishes text; then `json` is the same as a JSON string. */
  readonly text?: string;
}

/** What the suite gives a driver: ways to send recorded requests, and a signal for the end of the run. */
export interface DriverContext {
  /** Send a request and wait for the whole answer; both become part of the test's transcript. */
  exchange(init: RequestInit): Promise<Exchange>;
  /** The same without the user's headers for the target: for requests to anything else. */
  exchangeBare(init: RequestInit): Promise<Exchange>;
  readonly signal: AbortSignal;
}

/** A way to change the target's channels. Methods resolve once done, and throw {@link DriverError}. */
export interface Driver {
  readonly name: string;
  /** Header fields that the driver sends; their values must not be printed. */
  readonly secrets?: readonly ExtraHeader[];
  publish(channel: Channel, drafts: readonly Draft[], context: DriverContext): Promise<void>;
  /** Make a channel known, before it is first used. Absent if channels need no declaration. */
  declare?(channel: Channel, context: DriverContext): Promise<void>;
  /** Absent if the driver cannot close. */
  close?(channel: Channel, context: DriverContext): Promise<void>;
  /** Absent if the driver cannot remove. Resolves to false if the target does not offer removal. */
  remove?(channel: Channel, context: DriverContext): Promise<boolean>;
}

/** A driver failed; the test that needed it decides nothing. */
export class DriverError extends Error {
  override readonly name = "DriverError";
}

/** Make a draft of any JSON value. */
export function draft(data: unknown, event?: string): Draft {
  return { json: JSON.stringify(data), ...(event === undefined ? {} : { event }) };
}

/** The body of the protocol's publish for these drafts, with optional further members. */
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
