// A page of a real Chromium that is frozen, or put into the back/forward cache, checks its stream when it returns.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type DevTools, startChromium } from "./devtools.ts";
import { type Site, serveSite } from "./site.ts";
import { Tab, until } from "./tabs.ts";

const script = `
  import { subscribe } from "@tidemark/client";
  import { readEventStream } from "@tidemark/client-sse/event-stream";
  const state = { received: [], failures: [], restored: 0 };
  const onRetry = ({ error }) => state.failures.push(error.message);
  globalThis.follow = async (mechanism) => {
    for await (const { data } of subscribe("/channels/news", { mechanism, onRetry })) state.received.push(data);
  };
  globalThis.readEvents = async () => {
    for await (const { event, data } of readEventStream("/channels/news?stream=1", { onRetry }))
      if (event === "message") state.received.push(JSON.parse(data));
  };
  globalThis.seen = () => state;
  addEventListener("pageshow", ({ persisted }) => { if (persisted) state.restored += 1; });`;

interface Seen {
  readonly received: readonly unknown[];
  readonly failures: readonly string[];
  readonly restored: number;
}

const away = suite<{ browser: DevTools }>("a page that was away");

away.before(async (context) => {
  context.browser = await startChromium();
});
away.after(({ browser }) => browser?.close());

const seen = (tab: Tab): Promise<Seen> => tab.evaluate<Seen>("seen()");

/** Start to read in a new page, and wait for the first message and for a stream or a held poll. */
async function reading(browser: DevTools, how: string): Promise<{ site: Site; tab: Tab }> {
  const site = await serveSite(script);
  await site.log.append("news", [{ json: "1" }]);
  const tab = await Tab.open(browser, site.url);
  await tab.evaluate(`void ${how}`);
  await until("the first message", async () => (await seen(tab)).received.length === 1);
  await until("a request is open", () => site.open().length === 1);
  return { site, tab };
}

for (const how of ["follow('sse')", "follow('long-polling')"])
  away(
    `${how}: a frozen page leaves its connection, and gets what it missed when it is resumed`,
    async ({ browser }) => {
      const { site, tab } = await reading(browser, how);
      await tab.freeze();
      await until("the connection is closed", () => site.open().length === 0);
      await site.log.append("news", [{ json: "2" }]);
      assert.is(site.asked.length, how.includes("sse") ? 1 : 2, "a frozen page asks nothing");
      await tab.resume();
      await until("the second message", async () => (await seen(tab)).received.length === 2);
      const { received, failures } = await seen(tab);
      assert.equal(received, [1, 2]);
      assert.equal(failures, ["[offline] the page was put aside"]);
      await tab.close();
      await site.close();
    },
  );

away(
  "readEventStream: a resumed page reads on from its last event with a new request",
  async ({ browser }) => {
    const { site, tab } = await reading(browser, "readEvents()");
    const first = site.asked[0];
    await tab.freeze();
    await site.log.append("news", [{ json: "2" }]);
    await tab.resume();
    await until("a new request", () => site.asked.length === 2 && first?.isOpen === false);
    await until("the second message", async () => (await seen(tab)).received.length === 2);
    assert.equal((await seen(tab)).received, [1, 2]);
    assert.ok(site.asked[1]?.headers["last-event-id"], "the second request says where to resume");
    await tab.close();
    await site.close();
  },
);

away("a page returns from the back/forward cache as it was, and gets what it missed", async ({ browser }) => {
  const { site, tab } = await reading(browser, "follow('sse')");
  await tab.evaluate("void (location.href = '/other')");
  await until("the connection is closed", () => site.open().length === 0);
  await site.log.append("news", [{ json: "2" }]);
  assert.is(site.asked.length, 1, "a page in the cache asks nothing");
  await tab.evaluate("history.back()");
  await until("the page is back", () => tab.evaluate<boolean>("globalThis.seen !== undefined"));
  await until("the second message", async () => (await seen(tab)).received.length === 2);
  const { received, restored } = await seen(tab);
  assert.equal(received, [1, 2]);
  assert.is(restored, 1, "the page was restored, not loaded again");
  await tab.close();
  await site.close();
});

away.run();
