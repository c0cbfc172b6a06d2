import type { ClientContext } from "../client/client-context.ts";
import type { ClientTestDefinition } from "../client/client-definition.ts";
import type { Reading } from "../client/reading.ts";
import type { ScriptedChannel } from "../client/scripted-channel.ts";
import { numbered } from "../client/scripted-log.ts";
import type { SeenRequest } from "../client/seen-request.ts";
import { type Claim, claim, oneOf, same } from "../model/claim.ts";
import { eachWay, untilHanded, untilOver } from "./following.ts";

/** Where a client begins that was told nothing. */
const NOWHERE = [undefined, "start"];

/** A first life waits so long after it has read everything, so that the next request is of the second. */
const LONG_MS = 30_000;
const LONG_WAITS = { waitMs: LONG_MS };

/** What a client keeps from one life to the next. */
export const storingTests: readonly ClientTestDefinition[] = [
  ...eachWay((way) => ({
    id: `client/${way}/stores-what-was-handled`,
    title: "After its end the client begins behind what the application had handled, no earlier and no later",
    requirements: ["CLI-COMMIT-1", "CLI-COMMIT-2"],
    needs: [way, "store"],
    async run(t) {
      const messages = numbered(4);
      const channel = t.channel({ messages, pageRetryMs: LONG_MS });
      const reading = t.open(channel, way, { commit: "manual", options: LONG_WAITS });
      await untilHanded(t, reading, 1);
      t.commit(reading, 1);
      await untilHanded(t, reading, 2);
      t.need(claim(reading.messages.length >= 2, "messages handed on", "2 or more", reading.messages.length));
      const again = await restarted(t, channel, reading);
      t.check(
        "CLI-COMMIT-2",
        late(same("position of the second life", again?.position, messages[0]?.cursor)),
        again,
      );
      t.check(
        "CLI-COMMIT-1",
        late(same("position of the second life", again?.position, messages[0]?.cursor)),
        again,
      );
      channel.close();
    },
  })),
  ...eachWay((way) => ({
    id: `client/${way}/stores-nothing-before-it-was-handled`,
    title: "Where nothing was handled the client begins anew from where it began",
    requirements: ["CLI-COMMIT-1"],
    needs: [way, "store"],
    async run(t) {
      const channel = t.channel({ messages: numbered(3), pageRetryMs: LONG_MS });
      const reading = t.open(channel, way, { commit: "manual", options: LONG_WAITS });
      await untilHanded(t, reading, 1);
      t.need(claim(reading.messages.length >= 1, "messages handed on", "1 or more", reading.messages.length));
      const again = await restarted(t, channel, reading);
      t.need(claim(again !== undefined, "the second life", "reads", "no request"));
      t.check(
        "CLI-COMMIT-1",
        late(oneOf("position of the second life", again?.position, [...NOWHERE, "S-0"])),
        again,
      );
      channel.close();
    },
  })),
  ...eachWay((way) => ({
    id: `client/${way}/begins-at-the-stored-position`,
    title: "After its end the client hands on nothing again that was handled, and everything else",
    requirements: ["CLI-COMMIT-2"],
    needs: [way, "store"],
    waitsMs: 1_000,
    async run(t) {
      const messages = numbered(4);
      const channel = t.channel({ messages: messages.slice(0, 3), pageRetryMs: LONG_MS });
      const reading = t.open(channel, way, { options: LONG_WAITS });
      await untilHanded(t, reading, 3);
      // The client has handled all three when it asks for more: by then it reads on behind them.
      if (way === "long-poll") await t.until(() => channel.requests.at(-1)?.position === messages[2]?.cursor);
      const before = reading.messages.length;
      const goOn = (): void => {
        channel.append(...messages.slice(3));
        channel.close();
      };
      if (way === "poll") goOn(); // it sleeps, and is not told
      const again = await restarted(t, channel, reading);
      const { position } = again ?? {};
      const handled = [messages[1]?.cursor, messages[2]?.cursor];
      t.check("CLI-COMMIT-2", late(oneOf("position of the second life", position, handled)), again);
      if (way !== "poll") goOn();
      await untilOver(t, reading);
      const cursors = reading.messages.slice(before).map(({ data }) => JSON.stringify(data));
      t.check("CLI-COMMIT-2", same("the last message", cursors.at(-1), messages[3]?.json), again);
    },
  })),
];

/** End the client and begin it anew; the first request of its second life. */
async function restarted(
  t: ClientContext,
  channel: ScriptedChannel,
  reading: Reading,
): Promise<SeenRequest | undefined> {
  const isHeld = (): boolean => channel.requests.at(-1)?.position === channel.end;
  // A client that reads ahead does so now, and not after it was counted.
  if (channel.requests.at(-1)?.waitS !== undefined) await t.until(isHeld, READ_AHEAD_MS);
  const before = channel.requests.length;
  await t.watch(SETTLE_MS);
  t.need(same("requests of the first life while it has to wait", channel.requests.length, before));
  const connections = new Set(channel.requests.filter(({ ending }) => ending === undefined));
  t.restart(reading);
  await t.until(() => channel.requests.length > before || reading.hasEnded);
  for (const request of connections) await t.until(() => request.ending !== undefined, SETTLE_MS);
  return channel.requests[before];
}

/** A client that reads ahead of its application does so by then. */
const READ_AHEAD_MS = 3_000;

/** What the client stores, it stores by then; and an old life sends nothing more. */
const SETTLE_MS = 150;

/** A request of the first life that comes late looks like one of the second: a run that was late decides nothing. */
function late(found: Claim): Claim {
  return { ...found, timed: true };
}
