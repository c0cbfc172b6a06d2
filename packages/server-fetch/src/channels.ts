import type { Log } from "@tidemark/log";
import { ChannelServer } from "@tidemark/server-core";
import { type FetchHandler, type FetchOptions, fetchHandler } from "@tidemark/server-core/fetch";
import { type MechanismOptions, mechanismsOf } from "./mechanisms.ts";

/** Options of the server, whose `authorize` gets requests of the type `Framework`. */
export type ServerOptions<Framework> = NonNullable<ConstructorParameters<typeof ChannelServer<Framework>>[2]>;

/** Options of {@link channels}. `Platform`: what the platform passes besides the request. */
export interface ChannelsOptions<Platform extends readonly unknown[] = readonly unknown[]>
  extends ServerOptions<Request>,
    MechanismOptions {
  /**
   * The address of the client, which a web `Request` does not have. Deno, for example:
   * `(_, info) => info.remoteAddr.hostname`. Without it, limits for one address do not apply.
   * @defaultValue unknown
   */
  readonly remoteAddress?: FetchOptions<Platform>["remoteAddress"];
}

/** Answers a web `Request`, and can be observed and drained. */
export interface Channels<Platform extends readonly unknown[] = readonly unknown[]>
  extends FetchHandler<Platform> {
  /** What is held now: streams, held polls, feeds; all 0 when nobody reads. */
  readonly stats: ChannelServer["stats"];
  /** End everything that is held, before the process ends: `drain({ windowMs: 5_000 })`. */
  readonly drain: ChannelServer["drain"];
}

/**
 * Serve the channels of a log in every framework that answers a web `Request` with a `Response`: Hono, Next.js, h3,
 * Deno, Bun and others. It offers polling, long polling, SSE and publishing at one URL. Another path gets `404`.
 * @throws RangeError or TypeError for an invalid option
 */
export function channels<Platform extends readonly unknown[] = readonly unknown[]>(
  log: Log,
  options: ChannelsOptions<Platform> = {},
): Channels<Platform> {
  const { remoteAddress, ...rest } = options;
  const server = new ChannelServer<Request>(log, mechanismsOf(rest), { eventFilter: true, ...rest });
  return Object.assign(fetchHandler<Platform>(server, remoteAddress && { remoteAddress }), {
    stats: () => server.stats(),
    drain: (how?: { readonly windowMs?: number }) => server.drain(how),
  });
}
