import { subscribe } from "@tidemark/client";
import { readable } from "svelte/store";

const NOTHING = { messages: [], phase: "idle", error: undefined };

/**
 * A store that follows a channel while a component uses it: the last messages, the phase of the subscription,
 * and the error that ended it. `keep` is how many messages are kept; the other options are those of
 * `subscribe`.
 */
export function channel(url, { keep = 100, ...options } = {}) {
  return readable(NOTHING, (set, update) => {
    const stop = new AbortController();
    const change = (next) => {
      if (!stop.signal.aborted) update((seen) => ({ ...seen, ...next(seen) }));
    };
    async function follow() {
      const messages = subscribe(url, {
        ...options,
        signal: stop.signal,
        onState: ({ phase }) => change(() => ({ phase })),
      });
      for await (const message of messages)
        change((seen) => ({ messages: [...seen.messages, message].slice(-keep) }));
    }
    set(NOTHING);
    follow().catch((error) => change(() => ({ error })));
    return () => stop.abort();
  });
}
