import type { Channel } from "../wire/channel.ts";
import type { ExtraHeader } from "../wire/secrets.ts";
import type { DriverContext } from "./driver.ts";

/** `cut` ends the channel's connections abruptly; `drain` ends all connections, as before a deploy. */
export type DropHow = "cut" | "drain";

/**
 * How the target treats the channel from now on: `overload` leaves no room for another stream, `unauthorized` ends
 * every authorization, `nothing` is back to normal.
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
 * Provokes faults of the target. Each method resolves once the fault has happened; an absent method means
 * that the
 * fault cannot be provoked. A method throws `DriverError` when it failed, and {@link NotOffered} when the
 * target turns
 * out not to offer the fault.
 */
export interface Control {
  readonly name: string;
  /** Header fields that the control sends; their values must not be printed. */
  readonly secrets?: readonly ExtraHeader[];
  /** Drop all but the newest `keep` messages, as retention does. */
  trim?(channel: Channel, keep: number, context: DriverContext): Promise<void>;
  /** End streams and held requests: of the channel (`cut`), or of the whole server (`drain`). */
  drop?(channel: Channel, how: DropHow, context: DriverContext): Promise<void>;
  /** Restart the server, with whatever survives that. The suite waits until it answers. */
  restart?(context: DriverContext): Promise<void>;
  /** Refuse the channel's streams as under overload, end every authorization for it, or go back to normal. */
  deny?(channel: Channel, denial: Denial, context: DriverContext): Promise<void>;
}

/** The name of a fault. */
export type Fault = keyof ControlRequests;

/** The target does not offer this fault. */
export class NotOffered extends Error {
  override readonly name = "NotOffered";
}
