import type { Control } from "../../../engine/drive/control.ts";
import type { Driver } from "../../../engine/drive/driver.ts";
import type { HttpTarget } from "../../../engine/run/http-context.ts";
import type { Claims, Mechanism } from "../claims.ts";
import type { Declare } from "./declare.ts";

/** The most that the suite may do to a target: only read, also publish, or also provoke faults. */
export type Permission = "observe" | "publish" | "provoke";

/** Bounds on how long tests wait; a test that would take longer is inconclusive. */
export interface Limits {
  /** The longest `wait` that a test requests, in seconds. @defaultValue 8 */
  readonly waitS: number;
  /** The longest heartbeat that a test waits for, in seconds. @defaultValue 60 */
  readonly heartbeatS: number;
}

/** The server under test, as discovery found it. */
export interface Target extends HttpTarget {
  /** URL with `{channel}`; without it, there is only one channel, which is only read. */
  readonly template: string;
  readonly claims: Claims;
  /** The `Tidemark` field as received; undefined if it was missing and only a page identified the server. */
  readonly claimed: string | undefined;
  readonly mechanisms: readonly Mechanism[];
  /** What the target offers, as far as the user allows it. */
  readonly allowed: Permission;
  /** A channel that was never written to answers like an empty one. */
  readonly implicit: boolean;
  /** How to declare a channel before it is used; undefined if that is not needed. */
  readonly declare?: Declare | undefined;
  /** How to publish to it; undefined if the suite cannot or may not. */
  readonly driver?: Driver | undefined;
  /** How to provoke faults; undefined if the suite cannot or may not. */
  readonly control?: Control | undefined;
  /** How many random histories are played; see `ServerOptions`. */
  readonly histories?: number | undefined;
  /** Whether claims are tested in full, which takes longer. */
  readonly thorough?: boolean | undefined;
  /** How long tests may wait. */
  readonly limits?: Limits;
}
