import type { DriverContext } from "../drive/driver.ts";
import type { Channel } from "../run/target.ts";
import type { ExtraHeader } from "../wire/secrets.ts";

/** How connections end: `cut` without another byte, `drain` as before a deploy. */
export type DropHow = "cut" | "drain";

/** What a target does to the requests for one channel from now on; `nothing` ends it. */
export type Denial = "overload" | "unauthorized" | "nothing";

/**
 * Faults that the target can be made to have. Each resolves once it has happened; those that are absent cannot be
 * provoked. They throw `DriverError` when they failed, and {@link NotOffered} when it turns out that they are not there.
 */
export interface Control {
  readonly name: string;
  /** Header fields that it sends and whose values no output may show. */
  readonly secrets?: readonly ExtraHeader[];
  /** Drop all but the newest `keep` messages, as retention does. */
  trim?(channel: Channel, keep: number, context: DriverContext): Promise<void>;
  /** End the streams and held requests of a channel. */
  drop?(channel: Channel, how: DropHow, context: DriverContext): Promise<void>;
  /** End the server and start it again with what outlives that. The suite waits until it answers. */
  restart?(context: DriverContext): Promise<void>;
  /** Refuse the channel's streams as under overload, or take every authorization for it away. */
  deny?(channel: Channel, denial: Denial, context: DriverContext): Promise<void>;
}

/** Names of the faults. */
export type Fault = "trim" | "drop" | "restart" | "deny";

/** The target has no such fault. */
export class NotOffered extends Error {
  override readonly name = "NotOffered";
}
