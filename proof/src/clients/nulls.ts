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

/** Adapters without a client, each with another lie. None may pass anything. */
export const NULL_ADAPTERS: Readonly<Record<string, ConnectAdapter>> = {
  "is silent": always(() => undefined),
  "tells an error whatever is asked": always(({ id }, tell) =>
    tell({ type: "error", id, terminal: true, status: 400 }),
  ),
  "is done at once": always(({ id }, tell) => {
    tell({ type: "done", id });
    tell({ type: "published", id });
  }),
  "tells a gap and an error": always(({ id }, tell) => {
    tell({ type: "gap", id, reason: "unknown" });
    tell({ type: "error", id, terminal: true, status: 410 });
  }),
  "echoes a message for ever the same": always(({ id }, tell) => {
    for (let n = 1; n <= 40; n += 1) tell({ type: "message", id, n, ...MESSAGE });
    tell({ type: "done", id });
  }),
  "asks once, believes anything and is done": always(({ id, url }, tell) => {
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
