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
}

/** Follow a channel by the best mechanism that works. Throws a TypeError if the URL or an option is invalid. */
export function subscribe<T = unknown>(url: string | URL, options: SubscribeOptions = {}): Subscription<T> {
  return createSubscription<T>(choose(options.mechanism ?? "auto"), url, options);
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
