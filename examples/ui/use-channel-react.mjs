import { subscribe } from "@tidemark/client";
import { useEffect, useRef, useState } from "react";

const NOTHING = { messages: [], phase: "idle", error: undefined };

/**
 * Follow a channel while a component is mounted: its last messages, the phase of the subscription, and the
 * error that ended it. `keep` is how many messages are kept; the other options are those of `subscribe`, as
 * they were when the URL last changed.
 */
export function useChannel(url, { keep = 100, ...options } = {}) {
  const [seen, setSeen] = useState(NOTHING);
  const latest = useRef(options);
  latest.current = options;

  useEffect(() => {
    const stop = new AbortController();
    const change = (next) => {
      if (!stop.signal.aborted) setSeen((seen) => ({ ...seen, ...next(seen) }));
    };
    async function follow() {
      const messages = subscribe(url, {
        ...latest.current,
        signal: stop.signal,
        onState: ({ phase }) => change(() => ({ phase })),
      });
      for await (const message of messages)
        change((seen) => ({ messages: [...seen.messages, message].slice(-keep) }));
    }
    setSeen(NOTHING);
    follow().catch((error) => change(() => ({ error })));
    return () => stop.abort();
  }, [url, keep]);

  return seen;
}
