import type { SubscribeOptions as CoreOptions, Subscription } from "@tidemark/client-core";
import { createSubscription, type Mechanism } from "@tidemark/client-core/kit";
import { longPolling } from "@tidemark/client-long-polling";
import { polling } from "@tidemark/client-polling";
import { sse } from "@tidemark/client-sse";
import { ladder } from "./ladder.ts";

/** How to read a channel, and with which mechanism. */
export interface SubscribeOptions extends CoreOptions {
  /** `auto`: the best one that works, probed again from time to time. @defaultValue "auto" */
  readonly mechanism?: "auto" | "sse" | "long-polling" | "polling";
  /**
   * Use one connection for all tabs of a browser; each tab gets every message. Tabs share if their URL,
   * `events`, `credentials`, `maxMessageBytes` and headers are equal. Give the reader's name instead if tokens
   * change, if only cookies tell who reads, or with a `fetch` of your own: tabs with the same name share,
   * whatever their headers are. Other platforms and insecure pages use a connection of their own. The code is
   * loaded on demand. Throws a TypeError for `true` with a `fetch` of your own. @defaultValue false
   * @example `user-${user.id}`
   */
  readonly shared?: boolean | string;
}

/** Follow a channel by the best mechanism that works. Throws a TypeError if the URL or an option is invalid. */
export function subscribe<T = unknown>(url: string | URL, options: SubscribeOptions = {}): Subscription<T> {
  const mechanism = choose(options.mechanism ?? "auto");
  return createSubscription<T>(options.shared ? onDemand(mechanism, options) : mechanism, url, options);
}

/** Share a mechanism with other tabs. The code for it is loaded when it is used. */
function onDemand(inner: Mechanism, { shared = true, fetch }: SubscribeOptions): Mechanism {
  if (shared === true && fetch)
    throw new TypeError("`shared: true` cannot know for whom your `fetch` asks: name the reader");
  let sharing: Mechanism | undefined;
  return {
    get name() {
      return inner.name;
    },
    async *open(connection) {
      sharing ??= (await import("./shared/shared.ts")).shared(inner, shared || true);
      return yield* sharing.open(connection);
    },
  };
}

function choose(name: NonNullable<SubscribeOptions["mechanism"]>): Mechanism {
  switch (name) {
    case "auto":
      return ladder([sse, longPolling, polling]);
    case "sse":
      return sse;
    case "long-polling":
      return longPolling;
    case "polling":
      return polling;
    default:
      throw new TypeError(`unknown mechanism: ${name satisfies never}`);
  }
}
