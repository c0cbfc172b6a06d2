import { Undecided } from "../../../../engine/run/checks.ts";
import type { Channel } from "../../../../engine/wire/channel.ts";
import type { Message } from "../../read/page.ts";
import type { Target } from "../target.ts";
import type { TestContext } from "./context.ts";

/** The last messages of a channel, as far as they were read. */
interface Tail {
  readonly after: string;
  readonly messages: readonly Message[];
}

const START: Tail = { after: "start", messages: [] };

/** The most messages that a test asks for. */
const KEPT = 16;

/** The most pages that are read to find the end. */
const MAX_PAGES = 100;

/** What is known of the channel of a run that may only read; each test reads on from there. */
const tails = new WeakMap<Target, Promise<Tail>>();

/** The last messages of a channel to which the suite may not publish. Others may: the context watches its end. */
export async function lastOf(t: TestContext, channel: Channel, count: number): Promise<readonly Message[]> {
  const { target } = t;
  if (!target.mechanisms.includes("poll"))
    throw new Undecided("NEEDS_PUBLISH", "the suite may not publish, and no page shows what the channel has");
  const before = tails.get(target) ?? Promise.resolve(START);
  const read = before.then((tail) => readToEnd(t, channel, tail));
  tails.set(
    target,
    read.catch(() => START), // its own test reports the failure
  );
  const { messages } = await read;
  const last = messages.at(-1);
  if (last === undefined || messages.length < count)
    throw new Undecided(
      "NEEDS_PUBLISH",
      `the suite may not publish, and the channel has ${messages.length} messages; this takes ${count}`,
    );
  t.watchEnd(channel, last.cursor);
  return messages.slice(-count);
}

async function readToEnd(t: TestContext, channel: Channel, tail: Tail): Promise<Tail> {
  let { after, messages } = tail;
  const { maxLimit: limit = 100 } = t.target.claims;
  for (let pages = 0; pages < MAX_PAGES; pages += 1) {
    const page = await t.page(channel, { after, limit });
    messages = [...messages, ...page.messages].slice(-KEPT);
    after = page.cursor;
    if (!page.more) return { after, messages };
  }
  throw new Undecided(
    "NEEDS_PUBLISH",
    `the channel has no end within ${MAX_PAGES} pages of ${limit} messages`,
  );
}
