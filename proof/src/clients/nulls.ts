import type { ConnectAdapter, Hello, Told } from "@tidemark/conformance";
import { connectInProcess, type Handlers } from "./connect.ts";

/** Claims everything. */
const HELLO: Hello = {
  type: "hello",
  contract: 1,
  name: "null",
  version: "0",
  language: "none",
  mechanisms: ["poll", "long-poll", "sse", "auto"],
  capabilities: ["after", "headers", "credentials", "gap-choice", "store", "publish", "publish-without-key"],
};

interface AnyOrder {
  readonly id: string;
  readonly url: string;
}

function always(make: (order: AnyOrder, tell: (line: Told) => void) => void): ConnectAdapter {
  return connectInProcess(HELLO, (tell): Handlers => {
    const act = (order: AnyOrder): void => make(order, tell);
    return { open: act, publish: act };
  });
}

const MESSAGE = { data: { n: 1, text: "aé€😀" }, cursor: "M-1" };

const GIVEN_UP_MS = 400;

/** Sends one request, reports every JSON value in the answer that looks like a message `times` times, and is done. */
function echo(times: number): ConnectAdapter {
  return always(({ id, url }, tell) => {
    const told = async (): Promise<void> => {
      const answer = await fetch(`${url}?stream=1&after=start`, { signal: AbortSignal.timeout(GIVEN_UP_MS) });
      const text = (await answer.text()).replace(/^event: ?\$.*[\r\n]+data:.*$/gm, "");
      const found = text.matchAll(/^data: ?(.+)$|"data":("[^"]*"|\d+|\{[^}]*\})/gm);
      let n = 0;
      for (const [, line, value] of found)
        for (let time = 0; time < times; time += 1) {
          n += 1;
          tell({ type: "message", id, n, data: JSON.parse(line ?? value ?? "null") });
        }
    };
    told().then(
      () => tell({ type: "done", id }),
      () => tell({ type: "error", id, terminal: true }),
    );
  });
}

/**
 * Reports `count` messages that it knows from the origin's scripts without reading them, and is done. First it sends
 * `requests` requests, so that there are some, but does not read the answers.
 */
function byHeart(count: number, requests: number): ConnectAdapter {
  return always(({ id, url }, tell) => {
    const told = async (): Promise<void> => {
      for (let request = 0; request < requests; request += 1) {
        const answer = await fetch(`${url}?stream=1`, { signal: AbortSignal.timeout(GIVEN_UP_MS) });
        await answer.body?.cancel();
      }
      for (let n = 1; n <= count; n += 1) {
        const event = n % 3 === 0 ? { event: "third" } : {};
        tell({ type: "message", id, n, data: { n, text: "aé€😀" }, cursor: `M-${n}`, ...event });
      }
    };
    told().then(
      () => tell({ type: "done", id }),
      () => tell({ type: "error", id, terminal: true }),
    );
  });
}

/** Reports each order as if it had carried it out. */
const echoOfOrders: ConnectAdapter = connectInProcess(HELLO, (tell): Handlers => {
  return {
    open(order: AnyOrder): void {
      tell({ type: "message", id: order.id, n: 1, data: { ...order } });
      tell({ type: "done", id: order.id });
    },
    publish(order: AnyOrder & { readonly messages: readonly { readonly data: unknown }[] }): void {
      for (const [index, { data }] of order.messages.entries())
        tell({ type: "message", id: order.id, n: index + 1, data });
      tell({ type: "published", id: order.id });
    },
  };
});

/** Adapters without a client, each of which lies in another way. None may pass any test. */
export const NULL_ADAPTERS: Readonly<Record<string, ConnectAdapter>> = {
  "is silent": always(() => undefined),
  "answers every order with an error": always(({ id }, tell) =>
    tell({ type: "error", id, terminal: true, status: 400 }),
  ),
  "is done at once": always(({ id }, tell) => {
    tell({ type: "done", id });
    tell({ type: "published", id });
  }),
  "reports a gap and an error": always(({ id }, tell) => {
    tell({ type: "gap", id, reason: "unknown" });
    tell({ type: "error", id, terminal: true, status: 410 });
  }),
  "reports the same message again and again": always(({ id }, tell) => {
    for (let n = 1; n <= 40; n += 1) tell({ type: "message", id, n, ...MESSAGE });
    tell({ type: "done", id });
  }),
  "echoes what the origin sends": echo(1),
  "echoes what the origin sends, twice": echo(2),
  "echoes its orders": echoOfOrders,
  "knows two messages by heart": byHeart(2, 0),
  "knows two messages by heart, and sends one request": byHeart(2, 1),
  "knows four messages by heart, and sends one request": byHeart(4, 1),
  "knows four messages by heart, and sends three requests": byHeart(4, 3),
  "sends one request, reports a message whatever the answer, and is done": always(({ id, url }, tell) => {
    fetch(url).then(
      async (answer) => {
        await answer.body?.cancel();
        tell({ type: "message", id, n: 1, ...MESSAGE });
        tell({ type: "done", id });
      },
      () => tell({ type: "error", id, terminal: true }),
    );
  }),
};
