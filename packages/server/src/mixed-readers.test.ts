import { MemoryLog } from "@tidemark/log-memory";
import type { Page } from "@tidemark/protocol";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { readAll } from "../../../testing/logs/drafts.ts";
import { openStream } from "../../../testing/servers/event-source.ts";
import { type At, serving } from "../../../testing/servers/serving.ts";
import { tidemark } from "./tidemark.ts";

const PUBLISHERS = 4;
const READERS = 8;
const EACH = 25;

/** The messages that one reader has received, and its cursor. */
interface Progress {
  readonly cursors: string[];
  cursor: string;
  closed: boolean;
}

type Step = (at: At, progress: Progress, random: () => number) => Promise<void>;

function takePage(progress: Progress, page: Page): void {
  progress.cursors.push(...page.messages.map(({ cursor }) => cursor));
  progress.cursor = page.cursor;
  progress.closed = page.closed === true;
}

const pages =
  (more: string): Step =>
  async ({ url }, progress, random) => {
    const limit = 1 + Math.floor(random() * 20);
    const response = await fetch(url("a", `limit=${limit}&after=${progress.cursor}${more}`));
    takePage(progress, (await response.json()) as Page);
  };

/** Read a stream for a while and cut it at any point. */
const stream: Step = async ({ url }, progress, random) => {
  const opened = await openStream(url("a", `stream=1&after=${progress.cursor}`));
  for (let left = Math.floor(random() * 30); left >= 0; left--) {
    const event = await opened.event();
    if (event === undefined) break;
    if (event.event === "message") progress.cursors.push(event.id);
    progress.cursor = event.id;
    progress.closed = event.event === "$closed";
    if (progress.closed) break;
  }
  opened.close();
};

const STEPS: Readonly<Record<string, readonly Step[]>> = {
  polling: [pages("")],
  "long polling": [pages("&wait=5")],
  sse: [stream],
  "all in turn": [pages(""), pages("&wait=5"), stream],
};

async function read(at: At, steps: readonly Step[], from: string, random: () => number): Promise<Progress> {
  const progress: Progress = { cursors: [], cursor: from, closed: false };
  while (!progress.closed) {
    const step = steps[Math.floor(random() * steps.length)];
    await step?.(at, progress, random);
  }
  return progress;
}

async function publish(at: At, first: number): Promise<void> {
  for (let n = 0; n < EACH; n++) {
    const messages = Array.from({ length: 1 + (n % 3) }, (_, index) => ({ data: [first, n, index] }));
    const response = await fetch(at.url("a"), {
      method: "POST",
      body: JSON.stringify({ messages }),
      headers: { "Content-Type": "application/json" },
    });
    assert.is(response.status, 200);
    await response.arrayBuffer();
  }
}

/** A seeded random number generator, from 0 to 1. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

for (const [name, steps] of Object.entries(STEPS))
  test(`readers by ${name} that join while others publish lose, repeat and reorder nothing`, async () => {
    const log = new MemoryLog();
    await serving(tidemark(log), async (at) => {
      const { cursor: origin } = await log.append("a", [{ json: "0" }]);
      const publishing = Promise.all(Array.from({ length: PUBLISHERS }, (_, index) => publish(at, index)));
      const reading = Array.from({ length: READERS }, async (_, index) => {
        const random = seeded(index + 1);
        // Each reader joins at a different time: after as many answers as its number.
        let from = origin;
        for (let n = 0; n < index * 4; n++) {
          const { cursor } = (await (await fetch(at.url("a", "after=end"))).json()) as Page;
          if (index % 2 === 0) from = cursor;
        }
        return { from, progress: await read(at, steps, from, random) };
      });
      await publishing;
      await log.append("a", [], { close: true });
      for (const { from, progress } of await Promise.all(reading)) {
        const expected = (await readAll(log, "a", from)).map(({ cursor }) => cursor);
        assert.equal(progress.cursors, expected);
      }
    });
  });

test.run();
