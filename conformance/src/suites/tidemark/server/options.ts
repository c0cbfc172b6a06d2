import type { Control } from "../../../engine/drive/control.ts";
import type { Driver } from "../../../engine/drive/driver.ts";
import type { RunOptions } from "../../../engine/run/options.ts";
import type { ExtraHeader } from "../../../engine/wire/secrets.ts";
import type { Mechanism } from "../claims.ts";
import type { Limits, Permission } from "./target.ts";

/** Options of a run against a server; only the URL is required. */
export interface ServerOptions extends RunOptions {
  /** The channels' URL with `{channel}`, the base URL of the channels, or the URL of one channel. */
  readonly url: string;
  /** Added to every request; see `parseExtraHeader`. */
  readonly headers?: readonly ExtraHeader[];
  /** How to publish to a channel. Default: the protocol's `POST`, if the target claims it. */
  readonly driver?: Driver;
  /** How to provoke faults. Default: faults are not provoked. */
  readonly control?: Control;
  /** The most that the suite may do to the target. @defaultValue "provoke": everything that the target offers */
  readonly allow?: Permission;
  /** Which mechanisms to test, overriding what the target claims. */
  readonly mechanisms?: MechanismChoice;
  /** How long tests may wait; see {@link Limits}. */
  readonly limits?: Partial<Limits>;
  /** How many random histories a model plays against the server; 0: none. @defaultValue 200 */
  readonly histories?: number;
  /**
   * Take the time to test claims in full: hold a request for the whole claimed wait (up to 90 s), stay silent for two
   * heartbeats (up to 60 s each), and play four times as many histories. @defaultValue false
   */
  readonly thorough?: boolean;
  /** Name of a test's channel; `{run}` and `{test}` are replaced. @defaultValue "conformance-{run}-{test}" */
  readonly channels?: string;
  /** Accept any certificate. @defaultValue false */
  readonly insecure?: boolean;
}

/** The mechanisms that are offered: all of them, or true or false for some of them. */
export type MechanismChoice = readonly Mechanism[] | Readonly<Partial<Record<Mechanism, boolean>>>;

/** Options with every default filled in. */
export interface Settings extends ServerOptions {
  readonly limits: Limits;
  readonly headers: readonly ExtraHeader[];
  readonly channels: string;
  readonly insecure: boolean;
}

/** Fill in the defaults. */
export function settle(options: ServerOptions): Settings {
  const { headers = [], channels = "conformance-{run}-{test}", insecure = false, limits = {} } = options;
  const { waitS = 8, heartbeatS = 60 } = limits;
  return { ...options, headers, channels, insecure, limits: { waitS, heartbeatS } };
}

/** The header fields of the options whose values must not be printed. */
export function secretsOf({ headers = [], driver, control }: ServerOptions): readonly ExtraHeader[] {
  return [...headers, ...(driver?.secrets ?? []), ...(control?.secrets ?? [])];
}
