import { test } from "uvu";
import * as assert from "uvu/assert";
import { collect } from "../../../testing/clients/collect.ts";
import { noClock } from "../../../testing/clients/no-clock.ts";
import { cut, page, scriptedOrigin } from "../../../testing/servers/scripted-origin.ts";
import { subscribe } from "./index.ts";

test("requests the next page with the cursor of the last one, at once while there is more", async () => {
  const { delay, waits } = noClock();
  const origin = await scriptedOrigin(
    page(["P1", "P2"], { more: true }),
    page([], { cursor: "P5", more: true }),
    page(["P6"]),
    page([], { cursor: "P7", retry: 700 }),
    cut,
    page(["P8"], { retry: 900_000 }),
    page(["P9"], { closed: true }),
  );
  const subscription = subscribe(origin.url, { delay, retryDelayMs: () => 1 });
  assert.equal(await collect(subscription), ["P1", "P2", "P6", "P8", "P9"]);
  await origin.close();
  assert.equal(waits, [5_000, 700, 700, 300_000]);
  assert.equal(
    origin.asked.map(({ query }) => query),
    ["start", "P2", "P5", "P6", "P7", "P7", "P8"].map((after) => ({ after })),
  );
  assert.ok(origin.asked.every(({ headers }) => headers.accept === "application/json"));
});

test("sends the application's limit and event names", async () => {
  const origin = await scriptedOrigin(page(["P1"], { closed: true }));
  await collect(subscribe(`${origin.url}?tenant=7`, { after: "end", limit: 10, events: ["a.b", "c"] }));
  await origin.close();
  assert.equal(origin.asked[0]?.query, { tenant: "7", after: "end", limit: "10", event: "a.b,c" });
});

test("an unnamed message and a named one", async () => {
  const messages = [
    { cursor: "P1", data: null },
    { cursor: "P2", event: "added", data: { a: [1] }, unknown: true },
  ];
  const origin = await scriptedOrigin(page([], { messages, cursor: "P2", closed: true }));
  const seen: unknown[] = [];
  for await (const message of subscribe<{ a: number[] } | null>(origin.url)) seen.push(message);
  await origin.close();
  assert.equal(seen, [
    { cursor: "P1", data: null },
    { cursor: "P2", event: "added", data: { a: [1] } },
  ]);
});

test.run();
