import type { ClientHttp2Session } from "node:http2";
import type { LagMonitor } from "../../engine/run/lag.ts";
import type { Clock } from "../reader/clock.ts";
import type { Prober } from "../reader/prober.ts";

/** What every question needs. */
export interface PathContext {
  readonly prober: Prober;
  readonly clock: Clock;
  /** A pause of the sender that is well above the round trip and its uncertainty. */
  readonly pauseMs: number;
  /** The longest silence to ask for. */
  readonly idleMs: number;
  readonly lag: LagMonitor;
  /** The HTTP/2 connection, if the reader's end speaks HTTP/2. */
  readonly http2: ClientHttp2Session | undefined;
}

/** The fields by which our servers ask for a stream that is forwarded as it comes. */
export const ANTI_BUFFERING: readonly (readonly [string, string])[] = [
  ["X-Accel-Buffering", "no"],
  ["Cache-Control", "no-store, no-transform"],
  ["Incremental", "?1"],
];

/** What a reader of streams sends. */
export const STREAM_HEADERS: Readonly<Record<string, string>> = { Accept: "text/event-stream" };
