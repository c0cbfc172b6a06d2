// Eight tabs of a real Chromium share one connection over HTTP/1.1, whatever happens to the tab that holds it.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { SharedTabs } from "../src/browser/shared-page.ts";
import { type Tab, until } from "../src/browser/tabs.ts";

const TABS = 8;

/** The leading tab hangs for this long, in milliseconds; another one takes over much earlier. */
const HANG_MS = 20_000;

/** Run a test with eight tabs that follow, without a store or each with its own. */
function eight(title: string, run: (tabs: SharedTabs) => Promise<void>, hasStore = false): void {
  test(`eight tabs: ${title}`, async () => {
    const tabs = await SharedTabs.start();
    try {
      await tabs.publish(2);
      for (let index = 0; index < TABS; index++) {
        await tabs.open({}, ...(hasStore ? [`tab-${index}`] : []));
        await tabs.publish(); // while the others follow
      }
      await settle(tabs);
      await run(tabs);
    } finally {
      await tabs.close();
    }
  });
}

/** All tabs have all messages, once and in order; they share a stream, and get more by it. */
async function settle(tabs: SharedTabs): Promise<void> {
  await tabs.haveAll();
  await tabs.share();
  // A tab that has just read by itself may do it once more, until the leader is where the tab is.
  await until("no tab asks for new messages by itself", async () => {
    const requests = tabs.site.asked.length;
    for (let round = 0; round < 5; round++) await tabs.publish(4);
    await tabs.haveAll();
    return tabs.site.asked.length === requests;
  });
}

/** The leader disappears from the others while messages come; then the rest have everything. */
async function without(tabs: SharedTabs, end: (leader: Tab) => unknown): Promise<Tab> {
  const leader = await tabs.leader();
  tabs.forget(leader);
  await tabs.publish(3);
  await end(leader);
  await tabs.publish(3);
  await tabs.haveAll();
  return leader;
}

eight("the leader is closed, again and again", async (tabs) => {
  while (tabs.tabs.length > 1) {
    await without(tabs, (leader) => leader.close());
    await settle(tabs);
  }
});

eight("the leader crashes", async (tabs) => {
  for (let round = 0; round < 3; round++) {
    await without(tabs, (leader) => leader.crash());
    await settle(tabs);
  }
});

eight("the leader is frozen, and resumed later", async (tabs) => {
  const leader = await without(tabs, (frozen) => frozen.freeze());
  await settle(tabs);
  await leader.resume();
  tabs.tabs.push(leader);
  await settle(tabs);
});

eight("all tabs but one are frozen; then all are resumed", async (tabs) => {
  const [first, ...others] = tabs.tabs;
  for (const tab of others) await tab.freeze();
  tabs.tabs = first ? [first] : [];
  await tabs.publish(5);
  await settle(tabs);
  for (const tab of others) await tab.resume();
  tabs.tabs.push(...others);
  await settle(tabs);
});

eight("the leader hangs with its lock: another tab takes the lock away", async (tabs) => {
  let isHanging = true;
  let hang: Promise<unknown> = Promise.resolve();
  const leader = await without(tabs, (hanging) => {
    hang = hanging.evaluate(`hang(${HANG_MS})`).then(() => {
      isHanging = false;
    });
  });
  assert.is(isHanging, true, "the others did not wait for its end");
  await hang;
  tabs.tabs.push(leader);
  await settle(tabs);
});

eight("the leader goes to the back/forward cache, and returns", async (tabs) => {
  const leader = await without(tabs, (leaving) => leaving.evaluate("void (location.href = '/other')"));
  await settle(tabs);
  await leader.evaluate("history.back()");
  await until("the page is back", () => leader.evaluate<boolean>("globalThis.seen !== undefined"));
  tabs.tabs.push(leader);
  await settle(tabs);
  assert.is((await tabs.seen(leader)).restored, true, "the page was not loaded again");
});

eight("the network is lost and restored", async (tabs) => {
  for (let round = 0; round < 3; round++) {
    await tabs.publish(3);
    const restore = await tabs.site.lose();
    await tabs.publish(3);
    await restore();
    await tabs.publish(3);
    await settle(tabs);
  }
});

const clear = async (tabs: SharedTabs): Promise<void> => {
  const { origin } = new URL(tabs.site.url);
  for (let round = 0; round < 3; round++) {
    await tabs.publish(3);
    await tabs.tabs[0]?.send("Storage.clearDataForOrigin", { origin, storageTypes: "all" });
    await tabs.publish(3);
    await settle(tabs);
  }
};
eight("the user clears the site's data", clear, true);

eight("messages that are larger than what a leader passes on", async (tabs) => {
  await tabs.publish(1, 2_000_000);
  await tabs.publish(3);
  await tabs.haveAll();
  await settle(tabs);
});

eight(
  "a tab that does not read for a while, though its leader passes on more than it keeps",
  async (tabs) => {
    const paused = tabs.tabs[3] as Tab;
    await paused.evaluate("pause()");
    tabs.forget(paused);
    for (let round = 0; round < 12; round++) await tabs.publish(1, 500_000);
    await settle(tabs);
    await paused.evaluate("unpause()");
    tabs.tabs.push(paused);
    await settle(tabs);
  },
);

eight("a new tab gets the history, and then shares", async (tabs) => {
  await tabs.publish(400);
  await tabs.open();
  await settle(tabs);
});

test.run();
