import { performance } from "node:perf_hooks";
import { claim, same } from "../../../../engine/model/claim.ts";
import { concat, utf8 } from "../../../../engine/wire/bytes.ts";
import { pageText, streamHeaders, tidemarkHeaders } from "../answers.ts";
import { heartbeatBlock, messageBlock, openBlock } from "../block-text.ts";
import type { ClientContext } from "../client-context.ts";
import type { ClientTestDefinition } from "../client-definition.ts";
import { FRAGMENTATIONS, type Fragmentation, fragment } from "../fragment.ts";
import type { Reading } from "../reading.ts";
import { CHUNKED, chunkOf, type Reply } from "../reply.ts";
import type { ScriptedChannel } from "../scripted-channel.ts";
import { numbered } from "../scripted-log.ts";
import { eachWay, handedOn, handedOnce, part, type Way } from "./following.ts";

/** Most subscriptions of a test at the same time. */
const AT_ONCE = 16;

/** After this time no further cut begins, so that a client that reconnects slowly does not hold up the run. */
const ENOUGH_MS = 30_000;

/** A closed channel: the first message comes in an intact answer, the next two in the recorded one, then the rest. */
const MESSAGES = numbered(4);
const [ONE, TWO, THREE] = MESSAGES.map(({ cursor }) => cursor) as [string, string, string];
const RECORDED = MESSAGES.slice(1, 3);

/** How the recorded answer is sent: whole or only its first `bytes`, and how it is split. */
interface Sending {
  readonly bytes?: number;
  readonly how: Fragmentation;
}

/** A subscription that met the recorded answer. */
interface Sent {
  readonly channel: ScriptedChannel;
  readonly reading: Reading;
  /** Length of the whole answer in bytes. */
  readonly length: number;
}

/**
 * Cut an answer at each of its bytes, including its head and its framing. In the paired control the same bytes arrive
 * whole. A long poll is held until the client has delivered what came before.
 */
export const cutTests: readonly ClientTestDefinition[] = eachWay((way) => ({
  id: `client/${way}/cut-at-every-byte`,
  title: "When an answer is cut, at any byte, the client loses and repeats no message",
  requirements: ["CLI-ORDER-1", "CLI-RETRY-1"],
  needs: [way],
  async run(t) {
    const places = shuffled([...Array(await control(t, way)).keys()], t.random);
    const all = places.length;
    const enough = performance.now() + ENOUGH_MS;
    let [done, isOver] = [0, false];
    const work = async (): Promise<void> => {
      for (let bytes = places.pop(); bytes !== undefined && !isOver; bytes = places.pop()) {
        const isGood = await cut(t, way, bytes);
        done += 1;
        // One failure is enough: waiting for a client that hangs at every byte would take too long.
        isOver ||= !isGood || performance.now() > enough;
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    t.note(done === all ? `${all} cuts, at every byte` : `${done} of ${all} cuts`);
  },
}));

/** Send the whole answer in every split, to show that it is otherwise intact. Resolves to its length in bytes. */
async function control(t: ClientContext, way: Way): Promise<number> {
  const sent = await Promise.all(FRAGMENTATIONS.map((how) => send(t, way, { how })));
  for (const { channel, reading } of sent) {
    t.need(claim(channel.requests.length > 1, "requests", "two or more", channel.requests.length));
    t.control(handedOn(reading, MESSAGES));
    t.control(same("position after an answer that was not cut", channel.requests[2]?.position, THREE));
  }
  return sent[0]?.length ?? 0;
}

/** Send the answer, cut after `bytes` bytes; resolves to whether the client recovered. */
async function cut(t: ClientContext, way: Way, bytes: number): Promise<boolean> {
  const how = FRAGMENTATIONS[bytes % FRAGMENTATIONS.length] ?? "whole";
  const { channel, reading } = await send(t, way, { bytes, how });
  const hasGivenUp = reading.failure !== undefined;
  const place = `the cut after ${bytes} bytes (split: ${how})`;
  const goesOn = claim(!hasGivenUp, `after ${place} the client`, "tries again", reading.ending);
  if (!t.check("CLI-RETRY-1", goesOn, channel.requests[1]) || !handedOnce(t, reading, MESSAGES)) {
    if (t.notes.length === 0) t.note(place);
    return false;
  }
  // The delivered messages prove nothing unless the origin has seen the client come back for them.
  const positions = channel.requests.slice(2).map(({ position }) => position ?? "none");
  const isBack = positions.some((position) => [ONE, TWO, THREE].includes(position));
  t.need(
    claim(isBack, `positions of the requests after ${place}`, "the position of a message", `${positions}`),
  );
  return true;
}

/** Let the client read the channel; the recorded answer is the second one. */
async function send(t: ClientContext, way: Way, { bytes, how }: Sending): Promise<Sent> {
  let length = 0;
  const answer = (reply: Reply): void => {
    const whole = record(reply, way);
    length = whole.length;
    const parts = fragment(whole.subarray(0, bytes), how, t.random);
    const isDue = (): boolean => reading.messages.length > 0 || reading.hasEnded;
    const sendAll = async (): Promise<void> => {
      await t.until(isDue);
      await reply.raw(parts);
      if (bytes === undefined) reply.complete();
      else reply.cut();
    };
    sendAll().catch(() => reply.reset()); // the test has ended
  };
  const channel = t.channel({
    messages: MESSAGES,
    closed: true,
    script: (_, number) => [part(way, MESSAGES.slice(0, 1)), answer][number - 1],
  });
  const reading = t.open(channel, way);
  // A client that does not end with the channel asks again after the answer that reports the end.
  const isOver = (): boolean => channel.requests.length > 3 && reading.messages.length >= MESSAGES.length;
  await t.until(() => reading.hasEnded || isOver());
  t.close(reading);
  return { channel, reading, length };
}

/** The recorded answer, byte for byte: a page with its length, or a stream in chunks. */
function record(reply: Reply, way: Way): Uint8Array {
  if (way === "sse") {
    const [second = "", third = ""] = RECORDED.map((message) => messageBlock(message));
    const blocks = [openBlock(ONE), second, heartbeatBlock(TWO), third, ""];
    const body = concat(blocks.map((text) => chunkOf(utf8(text))));
    return reply.bytesOf(200, [...streamHeaders("v=1"), CHUNKED], body);
  }
  const body = utf8(pageText({ messages: RECORDED, cursor: THREE, more: true }));
  const own = [
    ["Content-Type", "application/json"],
    ["Content-Length", `${body.length}`],
  ] as const;
  return reply.bytesOf(200, [...tidemarkHeaders("v=1"), ...own], body);
}

function shuffled(numbers: readonly number[], random: () => number): number[] {
  return numbers
    .map((number) => ({ number, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ number }) => number);
}
