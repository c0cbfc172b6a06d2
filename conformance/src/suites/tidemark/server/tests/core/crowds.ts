import { performance } from "node:perf_hooks";
import { draft } from "../../../../../engine/drive/driver.ts";
import { type Claim, claim, sameList, within } from "../../../../../engine/model/claim.ts";
import type { Exchange } from "../../../../../engine/wire/exchange.ts";
import { jsonText } from "../../../../../engine/wire/json.ts";
import { readPage } from "../../../read/page.ts";
import { isMessage } from "../../../read/stream.ts";
import type { TestContext } from "../../context/context.ts";
import { needInTime } from "../../context/hold.ts";
import { endOf, fill, numbers, readOn, wakeWaitS } from "../../context/log.ts";
import { isTurnedAway } from "../../context/refusals.ts";
import type { TestDefinition } from "../../definition.ts";

/** More readers than any other test has, and more than fit into a small pool. */
const READERS = 40;

/** How much later than the first reader the last one may get a message. */
const LATER_MS = 3_000;

/** Each reader got the message, and not much later than the first one. */
function together(t: TestContext, name: string, comesAtMs: readonly (number | undefined)[]): Claim {
  const times = comesAtMs.filter((time) => time !== undefined);
  const missing = comesAtMs.length - times.length;
  const laterMs = Math.max(...times) - Math.min(...times);
  t.note(`${name}: the last of ${times.length} came ${Math.round(laterMs)} ms after the first`);
  if (missing > 0)
    return {
      ...claim(false, `${name} with the message`, String(comesAtMs.length), times.length),
      timed: true,
    };
  return within(`the last of ${comesAtMs.length} ${name}, counted from the first`, laterMs, LATER_MS);
}

/** Many readers at once, and many messages at once. They run alone: other traffic would wake the readers too. */
export const crowdTests: readonly TestDefinition[] = [
  {
    id: "server/long-polling/wakes-the-last-of-forty",
    title: "Forty requests that are held at the same position get the message, the last soon after the first",
    requirements: ["LP-WAIT-1"],
    needs: ["long-poll", "publish", "channels"],
    exclusive: true,
    async run(t) {
      const channel = t.channel();
      const [message] = await fill(t, channel, 1);
      const waitS = wakeWaitS(t);
      const held = Array.from({ length: READERS }, () =>
        t.hold(channel, { after: message?.cursor ?? "", wait: waitS }),
      );
      await t.get(channel, { after: "end" }); // by now, the requests are very likely held
      await t.publish(channel, [draft("all")]);
      const doneAtMs = held[0]?.elapsedMs ?? 0;
      await Promise.all(held.map((one) => t.finish(one, waitS * 1_000 + LATER_MS)));
      for (const one of held) if (!hasMessage(one)) needInTime(one, waitS, doneAtMs);
      const served = held.filter((one) => !isTurnedAway(one));
      t.need(
        claim(served.length > 1, "held requests", "several that the server has room for", served.length),
      );
      const times = served.map((one) => (hasMessage(one) ? one.startedAt + (one.headAtMs ?? 0) : undefined));
      t.check(
        "LP-WAIT-1",
        together(t, "held requests", times),
        served.find((one) => !hasMessage(one)),
      );
    },
  },
  {
    id: "server/sse/sends-live-to-the-last-of-forty",
    title: "Forty streams of a channel get a live message, the last soon after the first",
    requirements: ["SSE-MESSAGE-2"],
    needs: ["sse", "publish", "channels"],
    exclusive: true,
    async run(t) {
      const channel = t.channel();
      const end = await endOf(t, channel);
      const asked = Array.from({ length: READERS }, () => t.stream(channel, { after: end }));
      await Promise.all(asked.map((one) => t.until(one.exchange, () => one.find("$open") !== undefined)));
      const streams = asked.filter(
        (one) => one.find("$open") !== undefined && one.exchange.ending === undefined,
      );
      t.need(claim(streams.length > 1, "streams", "several that the server has room for", streams.length));
      await t.publish(channel, [draft("all")]);
      const begun = performance.now();
      const first = (one: (typeof streams)[number]) => one.blocks.find(isMessage);
      await Promise.all(
        streams.map((one) => t.until(one.exchange, () => first(one) !== undefined, LATER_MS + 2_000)),
      );
      const open = streams.filter((one) => first(one) !== undefined || one.exchange.ending === undefined);
      const times = open.map((one) => {
        const block = first(one);
        return block && Math.max(begun, one.exchange.startedAt + block.atMs);
      });
      t.check("SSE-MESSAGE-2", together(t, "streams", times), open.find((one) => !first(one))?.exchange);
    },
  },
  {
    id: "server/long-polling/wakes-by-a-batch-of-three",
    title: "A reader whose hold is ended by a batch of three messages gets all three",
    requirements: ["CORE-POSITION-1", "LP-WAIT-1"],
    needs: ["long-poll", "publishing", "channels"],
    async run(t) {
      const channel = t.channel();
      const [message] = await fill(t, channel, 1);
      const waitS = wakeWaitS(t);
      const held = t.hold(channel, { after: message?.cursor ?? "", wait: waitS });
      await t.get(channel, { after: "end" });
      await t.publish(channel, numbers(3));
      const doneAtMs = held.elapsedMs;
      const page = t.pageOf(await t.finish(held, waitS * 1_000 + LATER_MS));
      needInTime(held, waitS, doneAtMs);
      t.check("LP-WAIT-1", claim(page.messages.length > 0, "messages of the page", "at least 1", 0), held);
      const rest = await readOn(
        t,
        channel,
        "long-poll",
        page.cursor,
        (read) => page.messages.length + read.length >= 3,
      );
      const data = [...page.messages, ...rest].map((one) => jsonText(one.data));
      t.check("CORE-POSITION-1", sameList("the data from the hold on", data, ["1", "2", "3"]), held);
    },
  },
];

function hasMessage(exchange: Exchange): boolean {
  const page = readPage(exchange);
  return typeof page !== "string" && page.messages.length > 0;
}
