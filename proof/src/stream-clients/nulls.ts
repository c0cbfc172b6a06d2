import type { ConnectAdapter, Hello, Told } from "@tidemark/conformance";
import { connectInProcess } from "../clients/connect.ts";

/** Claims everything. */
const HELLO: Hello = {
  ...{ type: "hello", contract: 1, name: "null", version: "0", language: "none" },
  ...{ mechanisms: ["event-stream"], capabilities: ["headers", "post", "silence"] },
};

interface Open {
  readonly id: string;
  readonly url: string;
}

function always(act: (order: Open, tell: (line: Told) => void) => void): ConnectAdapter {
  return connectInProcess(HELLO, (tell) => ({ open: (order: Open) => act(order, tell) }));
}

/** Make requests without reading the answers; nobody waits for them. */
function ask(url: string, times: number): void {
  for (let request = 0; request < times; request += 1)
    fetch(url, { headers: { accept: "text/event-stream" } }).then(
      ({ body }) => body?.cancel(),
      () => undefined, // the suite cuts some of them
    );
}

const ONE = { type: "message", data: "one" } as const;

/** Adapters without a client, each of which lies in another way. None may pass any test. */
export const NULL_STREAM_CLIENTS: Readonly<Record<string, ConnectAdapter>> = {
  "is silent": always(() => undefined),
  "ends with an error": always(({ id }, tell) => tell({ type: "error", id, terminal: true, status: 404 })),
  "is done at once": always(({ id }, tell) => tell({ type: "done", id })),
  "delivers what most tests send": always(({ id }, tell) => {
    tell({ ...ONE, id, n: 1 });
    tell({ type: "done", id });
  }),
  "asks once, delivers what most tests send, and is done": always(({ id, url }, tell) => {
    ask(url, 1);
    tell({ ...ONE, id, n: 1 });
    tell({ type: "done", id });
  }),
  "asks once, and is silent": always(({ url }) => ask(url, 1)),
  "asks once, and ends with an error": always(({ id, url }, tell) => {
    ask(url, 1);
    tell({ type: "error", id, terminal: true });
  }),
};
