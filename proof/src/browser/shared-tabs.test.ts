// Tabs of a real Chromium share one connection. prove/shared-tabs.test.ts has eight tabs, and everything that can happen.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { SharedTabs } from "./shared-page.ts";
import { until } from "./tabs.ts";

const shared = suite<{ tabs: SharedTabs }>("shared tabs");

shared.before(async (context) => {
  context.tabs = await SharedTabs.start();
});
shared.after(({ tabs }) => tabs?.close());

shared(
  "three tabs use one stream, and each gets every message once; another leads when one is closed",
  async ({ tabs }) => {
    await tabs.publish(3);
    await tabs.open();
    await tabs.open();
    await tabs.open();
    await tabs.haveAll();
    await tabs.share();
    await tabs.publish(5);
    await tabs.haveAll();
    assert.is(tabs.site.asked.filter(({ isStream }) => isStream).length, 1);
    const leader = await tabs.leader();
    tabs.forget(leader);
    await leader.close();
    await tabs.publish(2);
    await tabs.haveAll();
    await tabs.share();
    await tabs.publish();
    await tabs.haveAll();
  },
);

shared("other headers and another filter have a connection of their own", async ({ tabs }) => {
  await tabs.open({ headers: { authorization: "Bearer other" } });
  await tabs.open({ events: ["message"] });
  await tabs.haveAll();
  const open = () => tabs.site.open().filter(({ isStream }) => isStream);
  await until("each of the three has a stream", () => open().length === 3);
  assert.equal(
    open()
      .map(({ headers }) => headers.authorization ?? "")
      .sort(),
    ["", "", "Bearer other"],
  );
});

shared.run();
