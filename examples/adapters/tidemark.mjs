// An adapter for @tidemark/client: it only translates the suite's orders into the client's options.
import { memoryStore, publish, subscribe } from "@tidemark/client";
import { optionsOf, retryDelayOf } from "./tidemark-options.mjs";

export { hello } from "./tidemark-options.mjs";

/** Handlers of the orders; `tell` sends lines to the suite. `make` can be another client with the same options. */
export function createAdapter(tell, make = { subscribe, publish }) {
  const readings = new Map();

  async function follow(reading) {
    const { order, store } = reading;
    const { id, gap } = order;
    const onGap = ({ reason }) => {
      tell({ type: "gap", id, reason });
      return gap ?? "throw";
    };
    const subscription = make.subscribe(order.url, { ...optionsOf(order), store, onGap });
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
      const settings = { retryDelayMs: retryDelayOf(options), ...(key === false ? { key: null } : {}) };
      make.publish(url, messages, settings).then(
        () => tell({ type: "published", id }),
        (error) => tell({ type: "error", id, terminal: true, status: error.status, detail: String(error) }),
      );
    },
  };
}
