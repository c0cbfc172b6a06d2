import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { RunReport } from "../../../engine/model/event.ts";
import type { ClientOptions } from "./client-options.ts";
import type { Order } from "./contract.ts";
import type { AdapterLink } from "./link.ts";
import { type PullOptions, pullAdapter } from "./pull-adapter.ts";
import { runClient } from "./suite.ts";

const HELLO = {
  ...{ type: "hello", contract: 1, name: "x", version: "1", language: "none" },
  ...{ mechanisms: ["sse"], capabilities: [] },
};
const COMMIT: Order = { type: "commit", id: "r1", n: 1 };

/** The suite's side of the link, with what it received. */
interface End {
  readonly link: AdapterLink;
  readonly url: string;
  readonly told: unknown[];
  /** Resolves with the reason when the adapter counts as gone. */
  readonly gone: Promise<string>;
}

async function listen(options: Partial<PullOptions> = {}): Promise<End> {
  const told: unknown[] = [];
  let leave: (why: string) => void = () => undefined;
  const gone = new Promise<string>((resolve) => {
    leave = resolve;
  });
  return new Promise((resolve) => {
    const connect = pullAdapter({ ...options, onListening: (url) => resolve({ link, url, told, gone }) });
    const link = connect({ told: (value) => told.push(value), gone: leave });
  });
}

async function ordersAt(url: string, from: number): Promise<readonly Order[]> {
  const answer = await fetch(new URL(`orders?from=${from}`, url));
  return ((await answer.json()) as { readonly orders: readonly Order[] }).orders;
}

function post(url: string, body: string): Promise<Response> {
  return fetch(new URL("told", url), { method: "POST", body });
}

test("an adapter fetches orders from a number on, and a request for later orders is held", async () => {
  const { link, url } = await listen();
  link.send(COMMIT);
  assert.equal(await ordersAt(url, 0), [COMMIT]);
  assert.equal(await ordersAt(url, 0), [COMMIT], "lost orders can be fetched again");
  let isAnswered = false;
  const held = ordersAt(url, 1).finally(() => {
    isAnswered = true;
  });
  await ordersAt(url, 0);
  assert.not.ok(isAnswered);
  link.send({ type: "bye" });
  assert.equal(await held, [{ type: "bye" }]);
  await link.close();
});

test("reports arrive in order; a body that is not an array is rejected as a whole", async () => {
  const { link, url, told } = await listen();
  assert.is((await post(url, JSON.stringify([HELLO, COMMIT]))).status, 204);
  for (const [body, message] of [
    ["{}", /a JSON array/],
    ["[1", /JSON/],
  ] as const) {
    const refusal = await post(url, body);
    assert.is(refusal.status, 400);
    assert.match(await refusal.text(), message);
  }
  assert.equal(told, [HELLO, COMMIT]);
  const wrong = await fetch(new URL("orders?from=x", url));
  assert.is(wrong.status, 400);
  assert.match(await wrong.text(), /from has to be the number of orders/);
  link.send({ type: "bye" });
  await Promise.all([link.close(), ordersAt(url, 0)]);
});

test("a page is served if there is a script for it, and pages of other origins are allowed", async () => {
  const [withPage, without] = [await listen({ script: async () => "let x" }), await listen()];
  assert.match(await (await fetch(withPage.url)).text(), /<script type="module" src="\/adapter\.js">/);
  assert.is(await (await fetch(new URL("adapter.js", withPage.url))).text(), "let x");
  assert.is((await fetch(without.url)).status, 404);
  const preflight = await fetch(new URL("told", without.url), { method: "OPTIONS" });
  assert.is(preflight.headers.get("access-control-allow-origin"), "*");
  await Promise.all([withPage.link.close(), without.link.close()]);
});

test("an adapter that stops asking counts as gone", async () => {
  const { link, url, gone } = await listen({ silenceMs: 50 });
  await post(url, "[]");
  assert.is(await gone, "it has not asked for orders for 0.05 s");
  await link.close();
});

async function reportOn(options: ClientOptions): Promise<RunReport> {
  for await (const event of runClient(options)) if (event.type === "run-finished") return event.report;
  throw new Error("no report");
}

test("a whole run works over a pull adapter, and ends it", async () => {
  const orders: Order[] = [];
  const adapt = async (url: string): Promise<void> => {
    await post(url, JSON.stringify([HELLO]));
    while (orders.at(-1)?.type !== "bye") {
      const news = await ordersAt(url, orders.length);
      orders.push(...news);
      const lines = news.flatMap((order) =>
        order.type === "open" ? [{ type: "unsupported", id: order.id, detail: "nothing is" }] : [],
      );
      if (lines.length > 0) await post(url, JSON.stringify(lines));
    }
  };
  let adapted = Promise.resolve();
  const adapter = pullAdapter({
    onListening: (url) => {
      adapted = adapt(url);
    },
  });
  const { tests, target } = await reportOn({ adapter, inBrowser: true, run: ["client/sse/decodes-lf"] });
  await adapted;
  assert.is(target.template, "x 1 (none)");
  assert.match(tests[0]?.detail ?? "", /does not support what it claims: nothing is/);
  const urls = orders.flatMap((order) => (order.type === "open" ? [new URL(order.url).hostname] : []));
  assert.ok(urls.length > 1 && new Set(urls).size === urls.length, "each channel has a host name of its own");
  assert.ok(urls.every((host) => host.endsWith(".localhost")));
});

test("a port in use leads to no verdict", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const { port } = other.address() as AddressInfo;
  const { verdict } = await reportOn({ adapter: pullAdapter({ port, onListening: () => undefined }) });
  assert.match(verdict.line, /^NO VERDICT: .*the suite cannot listen for it: .*EADDRINUSE/);
  other.close();
});

test.run();
