// How long eight tabs are without a connection when the tab that has it is closed, crashes, is frozen or hangs.
// `npm run takeover -w @tidemark/proof` prints the times; no test depends on them.
import { SharedTabs } from "./shared-page.ts";
import type { Tab } from "./tabs.ts";
import { until } from "./tabs.ts";

const TABS = 8;
const ROUNDS = 5;

/** Longer than another tab needs to take over, in milliseconds. */
const HANG_MS = 15_000;

/** What happens to the leader. The returned function brings the tab back. */
const ENDS: Readonly<Record<string, (leader: Tab) => Promise<(() => Promise<unknown>) | undefined>>> = {
  async closed(leader) {
    await leader.close();
    return undefined;
  },
  async crashed(leader) {
    leader.crash();
    return undefined;
  },
  async frozen(leader) {
    await leader.freeze();
    return () => leader.resume();
  },
  async "hangs, with its lock"(leader) {
    const hang = leader.evaluate(`hang(${HANG_MS})`);
    return () => hang;
  },
};

/** The milliseconds from the end of the leader until the stream of another tab is open, and until all have a message. */
async function measure(tabs: SharedTabs, end: (typeof ENDS)[string]): Promise<readonly [number, number]> {
  const leader = await tabs.leader();
  tabs.forget(leader);
  const before = tabs.site.asked.length;
  const began = performance.now();
  const ended = end(leader);
  await tabs.publish();
  const isNext = () => tabs.site.asked.slice(before).find(({ isStream }) => isStream);
  await until("another tab has a stream", () => isNext() !== undefined);
  const tookMs = (isNext()?.at ?? Number.NaN) - began;
  await tabs.haveAll();
  const allMs = performance.now() - began;
  const comeBack = await ended;
  if (comeBack) {
    await comeBack();
    tabs.tabs.push(leader);
  } else await tabs.open();
  await tabs.haveAll();
  await tabs.share();
  return [tookMs, allMs];
}

const tabs = await SharedTabs.start();
for (let index = 0; index < TABS; index++) await tabs.open();
await tabs.share();
for (const [name, end] of Object.entries(ENDS)) {
  const times: (readonly [number, number])[] = [];
  for (let round = 0; round < ROUNDS; round++) times.push(await measure(tabs, end));
  const text = times.map(([took, all]) => `${Math.round(took)} (${Math.round(all)})`).join(", ");
  console.log(`${name}: another stream after, and in brackets all tabs have a new message, in ms: ${text}`);
}
await tabs.close();
