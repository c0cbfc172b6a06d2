// The page's memory does not grow at 100 messages a second. TIDEMARK_MINUTES sets the time; the default is a short run.
import type { CDPSession } from "playwright-core";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { figuresOf, untilEvery, withPlayground } from "../test/playground-browser.ts";

const MINUTES = Number(process.env.TIDEMARK_MINUTES ?? 2);

/** All bounded memory is full after this time: the delays of 30 s, and the lines of the exchange. */
const WARM_UP_MS = 40_000;
const EVERY_MS = 10_000;

/** How much the heap may vary: the collector leaves a different rest each time. */
const SPREAD_BYTES = 2_000_000;

async function heapOf(session: CDPSession): Promise<{ readonly heap: number; readonly nodes: number }> {
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  const { nodes } = await session.send("Memory.getDOMCounters");
  return { heap: usedSize, nodes };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

test(`${MINUTES} minutes at 100 messages a second do not grow the page's memory`, () =>
  withPlayground(async ({ open, errors }) => {
    const page = await open();
    await page.getByLabel("Messages per second").focus();
    await page.keyboard.press("End"); // 200
    await page.keyboard.press("ArrowLeft"); // 100
    const session = await page.context().newCDPSession(page);
    await pause(WARM_UP_MS);
    const seen: Awaited<ReturnType<typeof heapOf>>[] = [];
    for (const began = performance.now(); performance.now() - began < MINUTES * 60_000; ) {
      seen.push(await heapOf(session));
      const { heap, nodes } = seen.at(-1) ?? { heap: 0, nodes: 0 };
      const { messages, lost, repeated } = (await figuresOf(page)).sse ?? {};
      const s = Math.round((performance.now() - began) / 1_000);
      console.log(
        `${s} s: ${heap} bytes, ${nodes} nodes; ${messages} messages, ${lost} lost, ${repeated} repeated`,
      );
      await pause(EVERY_MS);
    }
    await untilEvery(page, ({ messages }) => messages > MINUTES * 60 * 50);
    await untilEvery(page, ({ lost, repeated }) => lost === 0 && repeated === 0);
    const half = Math.ceil(seen.length / 2);
    const most = (part: typeof seen) => Math.max(...part.map(({ heap }) => heap));
    const [early, late] = [most(seen.slice(0, half)), most(seen.slice(half))];
    assert.ok(late < early + SPREAD_BYTES, `${early} bytes in the first half, ${late} in the second`);
    const nodes = seen.map((each) => each.nodes);
    assert.ok(Math.max(...nodes) - Math.min(...nodes) < 2_000, `DOM nodes: ${nodes}`);
    assert.equal(errors, []);
  }));

test.run();
