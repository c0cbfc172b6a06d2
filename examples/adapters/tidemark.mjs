// An adapter for @tidemark/client: what the suite's orders mean in its options, and nothing else.
import { memoryStore, publish, subscribe } from "@tidemark/client";
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

/** Handlers of the orders; `tell` takes what goes back. `make` can be another client with the same options. */
export function createAdapter(tell, make = { subscribe, publish }) {
  const readings = new Map();

  async function follow(reading) {
    const { order, store } = reading;
    const { id, mechanism, options, credentials, gap, commit } = order;
    const left = [...(credentials ?? [])];
    const renew = ({ unauthorized }) => {
      if (unauthorized) left.shift();
      return { authorization: left[0] };
    };
    const subscription = make.subscribe(order.url, {
      mechanism: NAMES[mechanism],
      store,
      commit: commit === "auto" ? "auto" : "manual",
      ...(order.after === undefined ? {} : { after: order.after }),
      ...(options.waitMs === undefined ? {} : { waitS: options.waitMs / 1000 }),
      headers: credentials ? renew : (order.headers ?? {}),
      retryDelayMs: (failures) => (fullJitter(failures) * (options.reconnectMs ?? 1000)) / 1000,
      delay: (ms, signal, purpose) => delay(purpose === "probe" ? (options.probeMs ?? ms) : ms, signal),
      onGap: ({ reason }) => {
        tell({ type: "gap", id, reason });
        return gap ?? "throw";
      },
    });
    reading.subscription = subscription;
    try {
      for await (const message of subscription) {
        reading.messages.push(message);
        const { cursor, event, data } = message;
        tell({ type: "message", id, n: reading.messages.length, cursor, event, data });
      }
      if (reading.subscription === subscription && !reading.closed) tell({ type: "done", id });
    } catch (error) {
      tell({ type: "error", id, terminal: true, status: error.status, detail: String(error) });
    }
  }

  return {
    open(order) {
      const reading = { order, store: memoryStore(), messages: [] };
      readings.set(order.id, reading);
      void follow(reading);
    },
    commit: ({ id, n }) => void readings.get(id)?.subscription.commit(readings.get(id).messages[n - 1]),
    async restart({ id }) {
      const reading = readings.get(id);
      const { subscription } = reading;
      reading.subscription = undefined;
      await subscription.return();
      void follow(reading);
    },
    close({ id }) {
      const reading = readings.get(id);
      if (reading) Object.assign(reading, { closed: true });
      void reading?.subscription?.return();
    },
    publish({ id, url, messages, key, options }) {
      const retryDelayMs = (failures) => (fullJitter(failures) * (options.reconnectMs ?? 1000)) / 1000;
      make.publish(url, messages, { retryDelayMs, ...(key === false ? { key: null } : {}) }).then(
        () => tell({ type: "published", id }),
        (error) => tell({ type: "error", id, terminal: true, status: error.status, detail: String(error) }),
      );
    },
  };
}
