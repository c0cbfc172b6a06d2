import { claim, matches, same, within } from "../../../../../engine/model/claim.ts";
import { Undecided } from "../../../../../engine/run/checks.ts";
import type { Block } from "../../../../../engine/wire/event-stream.ts";
import { JsonNumber, member, parseJson } from "../../../../../engine/wire/json.ts";
import { CURSOR } from "../../../read/page.ts";
import { type EventStream, isMessage } from "../../../read/stream.ts";
import type { TestContext } from "../../context/context.ts";
import { fill } from "../../context/log.ts";
import type { TestDefinition } from "../../definition.ts";

/** The longest heartbeat that a run waits for. */
const LONGEST_HEARTBEAT_S = 60;

/** How much the network and this process may delay a heartbeat. */
const BEAT_GRACE_MS = 3_000;

/** Wait for the first event after `$open`, and check that it comes within the announced heartbeat. */
async function nextEvent(t: TestContext, stream: EventStream): Promise<Block | undefined> {
  const announced = member(parseJson(stream.find("$open")?.data ?? ""), "heartbeat");
  const seconds =
    announced instanceof JsonNumber ? Number(announced.text) : (t.target.claims.heartbeatS ?? 15);
  if (seconds > LONGEST_HEARTBEAT_S) throw new Undecided("BUDGET", `the heartbeat is ${seconds} s`);
  const boundMs = seconds * 1000 + BEAT_GRACE_MS;
  const events = (): Block[] => stream.blocks.filter(({ event }) => event !== undefined);
  await t.until(stream.exchange, () => events().length > 1, boundMs);
  const [first, next] = events();
  if (!next && stream.exchange.ending === "complete") t.notApplicable("the server ended the silent stream");
  t.check("SSE-BEAT-1", within("the next event", next && next.atMs - (first?.atMs ?? 0), boundMs));
  return next;
}

/** The block `$heartbeat` of a silent stream. Other events whose names begin with `$` may come too. */
async function heartbeat(t: TestContext, stream: EventStream): Promise<Block | undefined> {
  const next = await nextEvent(t, stream);
  if (!next || isMessage(next)) return next;
  await t.until(stream.exchange, () => stream.find("$heartbeat") !== undefined, BEAT_GRACE_MS + next.atMs);
  const beat = stream.find("$heartbeat");
  const seen = stream.blocks.map(({ event }) => event).join(", ");
  if (!beat && stream.exchange.ending === "complete") t.notApplicable("the server ended the silent stream");
  t.check("SSE-BEAT-2", claim(beat !== undefined, "the events of a silent stream", "$heartbeat", seen));
  return beat;
}

/** So long a silence is part of every run, in seconds; a longer one needs a thorough run. */
const SHORT_SILENCE_S = 8;

/** Tests of heartbeats. They wait as long as the server announces, while other tests run. */
export const heartbeatTests: readonly TestDefinition[] = [
  {
    id: "server/sse/heartbeat",
    title: "A silent stream sends a $heartbeat in time, with the current position as id",
    requirements: ["SSE-BEAT-1", "SSE-BEAT-2"],
    needs: ["sse", "messages"],
    waitsMs: 15_000,
    async run(t) {
      const channel = t.channel();
      const [message] = await fill(t, channel, 1);
      const beat = await heartbeat(t, await t.openStream(channel, { after: message?.cursor ?? "" }));
      if (!beat) return;
      t.need(claim(!isMessage(beat), "the first event of a silent stream", "no message", beat.event));
      t.check(
        "SSE-BEAT-2",
        claim(parseJson(beat.data ?? "") instanceof Map, "its data", "a JSON object", beat.data),
      );
      t.check("SSE-BEAT-2", same("its id", beat.id, message?.cursor));
    },
  },
  {
    id: "server/sse/beats-again",
    title: "A silent stream sends one heartbeat after another, each in time",
    requirements: ["SSE-BEAT-1"],
    needs: ["sse", "messages"],
    waitsMs: 2 * LONGEST_HEARTBEAT_S * 1_000,
    async run(t) {
      const { heartbeatS = 15 } = t.target.claims;
      if (heartbeatS > LONGEST_HEARTBEAT_S) throw new Undecided("BUDGET", `the heartbeat is ${heartbeatS} s`);
      if (!t.target.thorough && 2 * heartbeatS > SHORT_SILENCE_S)
        throw new Undecided("NEEDS_TIME", `two heartbeats take ${2 * heartbeatS} s: --thorough`);
      const channel = t.channel();
      const [message] = await fill(t, channel, 1);
      const stream = await t.openStream(channel, { after: message?.cursor ?? "" });
      const beats = (): Block[] => stream.blocks.filter(({ event }) => event !== undefined);
      for (const name of ["the first heartbeat", "the second heartbeat"]) {
        const before = beats();
        const boundMs = heartbeatS * 1_000 + BEAT_GRACE_MS;
        await t.until(stream.exchange, () => beats().length > before.length, boundMs);
        const next = beats()[before.length];
        if (!next && stream.exchange.ending === "complete")
          t.notApplicable("the server ended the silent stream");
        t.check("SSE-BEAT-1", within(name, next && next.atMs - (before.at(-1)?.atMs ?? 0), boundMs));
        if (!next) return;
      }
    },
  },
  {
    id: "server/sse/heartbeat-in-a-channel-as-it-is",
    title: "The id of a heartbeat is a cursor, even in a channel without messages",
    requirements: ["SSE-BEAT-1", "SSE-BEAT-2"],
    needs: ["sse"],
    waitsMs: 15_000,
    async run(t) {
      const beat = await heartbeat(t, await t.openStream(t.channel(), { after: "end" }));
      if (!beat) return;
      if (isMessage(beat)) t.notApplicable("the channel is not silent");
      t.check("SSE-BEAT-2", matches("id of the heartbeat", beat.id, CURSOR, "a cursor"));
    },
  },
];
