import { claim, different, notBefore, sameList, within } from "../../../../../engine/model/claim.ts";
import { Undecided } from "../../../../../engine/run/checks.ts";
import type { Channel } from "../../../../../engine/wire/channel.ts";
import type { HeaderLines } from "../../../../../engine/wire/headers.ts";
import { JsonNumber, member, parseJson } from "../../../../../engine/wire/json.ts";
import { answered, refused } from "../../../read/problem.ts";
import { served } from "../../../read/served.ts";
import type { EventStream } from "../../../read/stream.ts";
import type { TestContext } from "../../context/context.ts";
import { deny, drop } from "../../context/faults.ts";
import { needInTime } from "../../context/hold.ts";
import { cursorsOf, endOf, fill, foreignCursor, numbers, readOn } from "../../context/log.ts";
import type { TestDefinition } from "../../definition.ts";
import { ask } from "../core/ask.ts";

/** How many streams a drain has to end. */
const STREAMS = 12;

/** How long all of them may take to end. */
const DRAIN_LIMIT_MS = 60_000;

/** Ends within this time count as simultaneous. */
const SPREAD_MS = 50;

/** The wait of a request that is held while its authorization ends, in seconds. */
const HOLD_S = 4;

/** How much longer than a heartbeat a server may take to notice an ended authorization. */
const NOTICE_MS = 8_000;

/** Open streams from a position, and wait for the first block of each. */
function openStreams(t: TestContext, channel: Channel, after: string): Promise<EventStream[]> {
  return Promise.all(Array.from({ length: STREAMS }, () => t.openStream(channel, { after })));
}

/** The heartbeat that a stream announces, in milliseconds. */
function heartbeatMs(t: TestContext, stream: EventStream): number {
  const announced = member(parseJson(stream.find("$open")?.data ?? ""), "heartbeat");
  const seconds =
    announced instanceof JsonNumber ? Number(announced.text) : (t.target.claims.heartbeatS ?? 15);
  const longest = t.target.limits?.heartbeatS ?? 60;
  if (seconds > longest) throw new Undecided("BUDGET", `the heartbeat is ${seconds} s`);
  return seconds * 1_000;
}

/** How a server ends connections: cuts, drains, overload and ended authorization. */
export const connectionTests: readonly TestDefinition[] = [
  {
    id: "server/core/reader-goes-on-after-a-cut",
    title: "A reader whose stream was cut resumes from its last id without loss or repetition",
    requirements: ["CORE-POSITION-1"],
    needs: ["sse", "publish", "channels", "provoke"],
    async run(t) {
      const channel = t.channel();
      const begin = await endOf(t, channel);
      const stream = await t.openStream(channel, { after: begin });
      await t.publish(channel, numbers(3));
      await t.until(stream.exchange, () => stream.messages.length > 0);
      await drop(t, channel, "cut");
      await t.until(stream.exchange, () => false);
      t.need(different("the stream after the cut", stream.exchange.ending ?? "open", "open"));
      await t.publish(channel, numbers(3));
      const first = stream.messages;
      const rest = await readOn(
        t,
        channel,
        "sse-header",
        stream.lastId,
        (read) => first.length + read.length >= 6,
      );
      const all = await readOn(t, channel, "sse", begin, (read) => read.length >= 6);
      t.check(
        "CORE-POSITION-1",
        sameList(
          "cursors of the messages read before and after the cut",
          cursorsOf([...first, ...rest]),
          cursorsOf(all),
        ),
      );
    },
  },
  {
    id: "server/sse/drain-spreads-the-ends",
    title: "A server that drains many streams spreads their ends over time",
    requirements: ["SSE-END-4"],
    needs: ["sse", "publish", "channels", "provoke"],
    exclusive: true,
    async run(t) {
      const channel = t.channel();
      const streams = await openStreams(t, channel, await endOf(t, channel));
      await drop(t, channel, "drain");
      await Promise.all(streams.map(({ exchange }) => t.until(exchange, () => false, DRAIN_LIMIT_MS)));
      const open = streams.filter(({ exchange }) => exchange.ending === undefined).length;
      t.need(claim(open === 0, "streams after the drain", "ended", `${open} of ${STREAMS} still open`));
      const ends = streams.map(({ exchange }) => exchange.startedAt + (exchange.endedAtMs ?? 0));
      const spread = { from: Math.min(...ends), to: Math.max(...ends) };
      t.check(
        "SSE-END-4",
        notBefore(`the last of ${STREAMS} ends, counted from the first`, spread, SPREAD_MS),
      );
    },
  },
  {
    id: "server/long-polling/drain-answers-held-requests",
    title: "A server that drains answers a held request early only with retry",
    requirements: ["LP-NOW-6", "LP-WAIT-3"],
    needs: ["long-poll", "publish", "channels", "provoke"],
    exclusive: true,
    async run(t) {
      const channel = t.channel();
      const [message] = await fill(t, channel, 1);
      const held = t.hold(channel, { after: message?.cursor ?? "", wait: 8 });
      await t.get(channel, { after: "end" }); // its answer means that the held request has arrived too
      await drop(t, channel, "drain");
      await t.until(held, () => false, 12_000);
      if (held.status === undefined)
        return t.notApplicable(`the held request ended as ${held.ending ?? "open"}`);
      const page = t.pageOf(held);
      const whole = (held.endedAtMs ?? 0) >= 7_200;
      const told = page.retryMs !== undefined;
      const actual = told ? "a retry" : `no retry, after ${Math.round(held.endedAtMs ?? 0)} ms`;
      t.check(
        "LP-WAIT-3",
        claim(whole || told, "an empty page before the end of its wait", "a retry", actual),
        held,
      );
      t.check(
        "LP-NOW-6",
        claim(!whole && told, "the answer of a server that drains", "early, with retry", actual),
        held,
      );
    },
  },
  {
    id: "server/sse/overload-is-refused-softly",
    title: "Under overload, a new stream is refused by a stream with only retry, after every other check",
    requirements: ["SSE-REFUSE-1", "SSE-REFUSE-2"],
    needs: ["sse", "publish", "channels", "provoke"],
    async run(t) {
      const channel = t.channel();
      await fill(t, channel, 1);
      await deny(t, channel, "overload");
      const stream = t.stream(channel, { after: "end" });
      await t.finish(stream.exchange);
      t.need(claim(stream.find("$open") === undefined, "a stream under overload", "refused", "served"));
      const text = stream.exchange.text;
      const soft = stream.isStream && /^(?::[^\n]*\n)*retry: ?\d+\r?\n\r?\n$/.test(text);
      t.check(
        "SSE-REFUSE-1",
        claim(soft, "the refusal", "a stream of one block, only retry:", text.slice(0, 200)),
      );
      const malformed = await t.get(channel, { stream: "1", after: "latest" });
      t.check(
        "SSE-REFUSE-2",
        refused("the answer to a malformed cursor", malformed, "invalid-parameter"),
        malformed,
      );
      const gap = await t.get(channel, { stream: "1", after: foreignCursor(t) });
      t.check("SSE-REFUSE-2", refused("the answer to a foreign cursor", gap, "gap"), gap);
      await deny(t, channel, "nothing");
    },
  },
  {
    id: "server/sse/overload-does-not-hide-the-closed-end",
    title: "Under overload, Last-Event-ID at the end of a closed channel is still answered 204",
    requirements: ["SSE-REFUSE-2"],
    needs: ["sse", "publishing", "channels", "provoke"],
    async run(t) {
      const channel = t.channel();
      const [message] = await fill(t, channel, 1);
      await t.close(channel);
      await deny(t, channel, "overload");
      const lines: HeaderLines = [["Last-Event-ID", message?.cursor ?? ""]];
      const closed = await t.finish(t.stream(channel, {}, lines).exchange);
      t.check("SSE-REFUSE-2", answered("the answer at the closed end", closed, 204), closed);
      await deny(t, channel, "nothing");
    },
  },
  {
    id: "server/core/ended-authorization-ends-connections",
    title:
      "When the authorization ends, streams end, held requests get no messages, and reconnects are refused",
    requirements: ["CORE-SECURITY-3", "CORE-SECURITY-1"],
    needs: ["sse", "publish", "channels", "provoke"],
    waitsMs: 15_000,
    async run(t) {
      const channel = t.channel();
      const [message] = await fill(t, channel, 1);
      const after = message?.cursor ?? "";
      const stream = await t.openStream(channel, { after });
      const polls = t.target.mechanisms.includes("long-poll");
      const held = polls ? t.hold(channel, { after, wait: HOLD_S }) : undefined;
      t.control(served("a read before", await ask(t, channel, "after=start")));
      await deny(t, channel, "unauthorized");
      const deniedWhenHeldMs = held?.elapsedMs ?? 0;
      const refusals = ["unauthorized", "forbidden", "no-such-channel"] as const;
      const resumed = await t.finish(t.stream(channel, { after }).exchange);
      t.check(
        "CORE-SECURITY-1",
        refused("a resumed read after the authorization ended", resumed, ...refusals),
        resumed,
      );
      if (held) {
        await t.finish(held, 12_000);
        needInTime(held, HOLD_S, deniedWhenHeldMs);
        t.check("CORE-SECURITY-3", refused("the answer to the held request", held, ...refusals), held);
      }
      const limitMs = heartbeatMs(t, stream) + NOTICE_MS;
      const deniedAtMs = stream.exchange.elapsedMs;
      await t.until(stream.exchange, () => false, limitMs);
      const { endedAtMs } = stream.exchange;
      const lateMs = endedAtMs === undefined ? undefined : Math.max(0, endedAtMs - deniedAtMs);
      t.check("CORE-SECURITY-3", within("the end of the stream", lateMs, limitMs), stream.exchange);
      await deny(t, channel, "nothing");
    },
  },
];
