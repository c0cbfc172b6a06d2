// The first line of the adapter for @tidemark/client, and the client's options for an order.
import { delay, fullJitter } from "@tidemark/client-core/kit";

const NAMES = { poll: "polling", "long-poll": "long-polling", sse: "sse", auto: "auto" };

export const hello = {
  type: "hello",
  contract: 1,
  name: "@tidemark/client",
  version: "0.1.0",
  language: "JavaScript",
  mechanisms: ["poll", "long-poll", "sse", "auto"],
  capabilities: ["after", "headers", "credentials", "gap-choice", "store", "publish", "publish-without-key"],
};

/** The client's own backoff, with another first limit. */
export function retryDelayOf({ reconnectMs = 1000 }) {
  return (failures) => (fullJitter(failures) * reconnectMs) / 1000;
}

/** The options of `subscribe` for an order to open a channel. */
export function optionsOf({
  mechanism,
  options,
  credentials,
  credentialsMs = 0,
  commit,
  after,
  headers = {},
}) {
  const left = [...(credentials ?? [])];
  const renew = async ({ unauthorized }) => {
    if (unauthorized) left.shift();
    await new Promise((resolve) => setTimeout(resolve, credentialsMs));
    return { authorization: left[0] };
  };
  return {
    mechanism: NAMES[mechanism],
    commit: commit === "auto" ? "auto" : "manual",
    ...(after === undefined ? {} : { after }),
    ...(options.waitMs === undefined ? {} : { waitS: options.waitMs / 1000 }),
    headers: credentials ? renew : headers,
    retryDelayMs: retryDelayOf(options),
    onRetry: () => {}, // the suite causes the failures, so none needs a warning
    delay: (ms, signal, purpose) => delay(purpose === "probe" ? (options.probeMs ?? ms) : ms, signal),
  };
}
