import type { CorsOptions } from "./access/cors.ts";
import type { HookOptions } from "./access/hooks.ts";
import type { ConnectionLimits } from "./limits/connections.ts";
import type { Observer } from "./observe/observer.ts";

/** Options of a {@link ChannelServer}, and so of every adapter. `Framework`: see {@link HookOptions.authorize}. */
export interface ChannelServerOptions<Framework = unknown> extends ConnectionLimits, HookOptions<Framework> {
  /** URL path of the channels. @defaultValue "/channels/:channel" */
  readonly path?: string;
  /** What pages of other origins may do; `null`: nothing. @defaultValue every origin may read, without cookies; none may write */
  readonly cors?: CorsOptions | null;
  /**
   * The host names of the server, without ports. A request with another `Host` gets `403`, which stops DNS rebinding.
   * Loopback names are always accepted; `0.0.0.0` or `::` in the list accepts every address. `null`: a proxy in front
   * checks `Host`. By default every name is accepted, but the server's own pages may write only if `Host` is an address
   * or a loopback name, which an attacker's DNS cannot fake.
   * @throws TypeError for a name with a scheme, a port or a path
   */
  readonly hosts?: readonly string[] | null;
  /** The `WWW-Authenticate` of a 401. @defaultValue "Bearer" */
  readonly challenge?: string;
  /** Offer the filter `event=`. @defaultValue false */
  readonly eventFilter?: boolean;
  /** The most messages in a page. @defaultValue 1_000 */
  readonly maxLimit?: number;
  /** Messages in a page if the request has no `limit`. @defaultValue 100 */
  readonly defaultLimit?: number;
  /**
   * Channels that one principal (without a principal: one address) may create per hour by publishing, all at once or
   * over time. One more gets `too-many-requests` with `Retry-After`. `null`: no limit; use it behind a proxy, where all
   * clients share one address. @defaultValue 10_000
   */
  readonly maxNewChannelsPerHour?: number | null;
  /** Bytes of encoded history pages to cache for the next readers; 0 turns the cache off. @defaultValue 33_554_432 */
  readonly pageCacheBytes?: number;
  /**
   * How long a stream's reader may take no bytes before it is cut off, in milliseconds. Each byte taken restarts the
   * time. @defaultValue 60_000
   */
  readonly drainTimeoutMs?: number;
  /** Is told what the server does, for metrics. @defaultValue none, at no cost */
  readonly observer?: Observer;
  /** Write streams through the response only, never straight to the connection. @defaultValue false @internal */
  readonly plainStreams?: boolean;
}
