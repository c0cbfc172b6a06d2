import type { DriverContext } from "../drive/driver.ts";
import type { Channel } from "../run/target.ts";
import type { ExtraHeader } from "../wire/secrets.ts";

/** `cut` ends the channel's connections abruptly; `drain` ends all connections, as before a deploy. */
export type DropHow = "cut" | "drain";

/**
 * How the target treats the channel from now on: `overload` leaves no room for another stream, `unauthorized` ends every
 * authorization, `nothing` is back to normal.
 */
export type Denial = "nothing" | "overload" | "unauthorized";

/** The channel that a control request is about. */
export interface ControlChannel {
  readonly channel: string;
  /** The channel's URL. */
  readonly url: string;
}

/** The body of `POST {control}/trim`. */
export interface TrimRequest extends ControlChannel {
  /**
   * How many messages stay.
   * @minimum 0
   * @TJS-type integer
   */
  readonly keep: number;
}

/** The body of `POST {control}/drop`. */
export interface DropRequest extends ControlChannel {
  readonly how: DropHow;
}

/** The body of `POST {control}/deny`. */
export interface DenyRequest extends ControlChannel {
  readonly denial: Denial;
}

/** The bodies of the control interface, by endpoint. */
export interface ControlRequests {
  readonly trim: TrimRequest;
  readonly drop: DropRequest;
  /** An empty object. */
  readonly restart: object;
  readonly deny: DenyRequest;
}

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
  /** End streams and held requests: of the channel (`cut`), or of the whole server (`drain`). */
  drop?(channel: Channel, how: DropHow, context: DriverContext): Promise<void>;
  /** End the server and start it again with what outlives that. The suite waits until it answers. */
  restart?(context: DriverContext): Promise<void>;
  /** Refuse the channel's streams as under overload, or take every authorization for it away. */
  deny?(channel: Channel, denial: Denial, context: DriverContext): Promise<void>;
}

/** Names of the faults. */
export type Fault = keyof ControlRequests;

/** The target has no such fault. */
export class NotOffered extends Error {
  override readonly name = "NotOffered";
}
