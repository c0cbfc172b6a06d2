import { beginStream, pageText, tidemarkHeaders } from "../client/answers.ts";
import { messageBlock, openBlock } from "../client/block-text.ts";
import type { ClientContext } from "../client/client-context.ts";
import type { ClientTestDefinition } from "../client/client-definition.ts";
import { FRAGMENTATIONS, fragment } from "../client/fragment.ts";
import type { Reply } from "../client/reply.ts";
import { BEGINNING } from "../client/scripted-channel.ts";
import { numbered, type ScriptedMessage } from "../client/scripted-log.ts";
import { claim } from "../model/claim.ts";
import { utf8 } from "../wire/bytes.ts";
import { eachWay, handedOnce, untilOver, type Way } from "./following.ts";

/** So many subscriptions of a test are under way at once. */
const AT_ONCE = 8;

/** An answer that is cut, at each of its bytes; the splits of what comes before it take turns. */
export const cutTests: readonly ClientTestDefinition[] = eachWay((way) => ({
  id: `client/${way}/cut-at-every-byte`,
  title: "An answer that is cut, at whatever byte, costs no message and repeats none",
  requirements: ["CLI-ORDER-1"],
  needs: [way],
  async run(t) {
    const messages = numbered(3);
    const bytes = answerOf(way, messages.slice(0, 2));
    const places = [...bytes.keys()];
    const work = async (): Promise<void> => {
      for (let at = places.shift(); at !== undefined; at = places.shift()) {
        const isGood = await cut(t, way, messages, bytes.subarray(0, at));
        if (!isGood) places.length = 0; // one shows it; a client that hangs would be waited for at each
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    t.note(`${bytes.length} cuts`);
  },
}));

/** Let the client read a channel whose first answer ends with these bytes; whether that cost nothing. */
async function cut(
  t: ClientContext,
  way: Way,
  messages: readonly ScriptedMessage[],
  bytes: Uint8Array,
): Promise<boolean> {
  const how = FRAGMENTATIONS[bytes.length % FRAGMENTATIONS.length] ?? "whole";
  const parts = fragment(bytes, how, t.random);
  const answer = (reply: Reply): void => {
    if (way === "sse") beginStream(reply);
    else reply.begin(200, [...tidemarkHeaders(), ["Content-Type", "application/json"]]);
    void reply.chunks(parts).then(() => reply.cut());
  };
  const channel = t.channel({
    messages,
    closed: true,
    script: (_, number) => (number === 1 ? answer : undefined),
  });
  const reading = t.open(channel, way);
  await untilOver(t, reading);
  t.need(claim(channel.requests.length > 0, "requests", "at least one", channel.requests.length));
  if (handedOnce(t, reading, messages)) return true;
  t.note(`cut after ${bytes.length} bytes, split: ${how}`);
  return false;
}

/** The first part of a channel, byte for byte. */
function answerOf(way: Way, messages: readonly ScriptedMessage[]): Uint8Array {
  if (way !== "sse") return utf8(pageText({ messages, cursor: messages.at(-1)?.cursor ?? "", more: true }));
  return utf8(openBlock(BEGINNING) + messages.map((message) => messageBlock(message)).join(""));
}
