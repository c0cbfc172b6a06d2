import { type Claim, claim, oneOf, same } from "../../../../engine/model/claim.ts";
import type { ClientContext } from "../client-context.ts";
import type { ClientTestDefinition } from "../client-definition.ts";
import type { Reading } from "../reading.ts";
import type { ScriptedChannel } from "../scripted-channel.ts";
import { numbered } from "../scripted-log.ts";
import type { SeenRequest } from "../seen-request.ts";
import { eachWay, untilHanded, untilOver } from "./following.ts";

/** Where a client starts that was given no position. */
const NOWHERE = [undefined, "start"];

/** How long a client that has read everything waits, so that its next request comes only after the restart. */
const LONG_MS = 30_000;
const LONG_WAITS = { waitMs: LONG_MS };

/** What a client keeps across a restart. */
export const storingTests: readonly ClientTestDefinition[] = [
  ...eachWay((way) => ({
    id: `client/${way}/stores-what-was-handled`,
    title:
      "After a restart the client starts right after what the application has handled, no earlier and no later",
    requirements: ["CLI-COMMIT-1", "CLI-COMMIT-2"],
    needs: [way, "store"],
    async run(t) {
      const messages = numbered(4);
      const channel = t.channel({ messages, pageRetryMs: LONG_MS });
      const reading = t.open(channel, way, { commit: "manual", options: LONG_WAITS });
      await untilHanded(t, reading, 1);
      t.commit(reading, 1);
      await untilHanded(t, reading, 2);
      t.need(claim(reading.messages.length >= 2, "messages delivered", "2 or more", reading.messages.length));
      const again = await restarted(t, channel, reading);
      t.check(
        "CLI-COMMIT-2",
        late(same("position after the restart", again?.position, messages[0]?.cursor)),
        again,
      );
      t.check(
        "CLI-COMMIT-1",
        late(same("position after the restart", again?.position, messages[0]?.cursor)),
        again,
      );
      channel.close();
    },
  })),
  ...eachWay((way) => ({
    id: `client/${way}/stores-nothing-before-it-was-handled`,
    title: "If the application has handled nothing, the client restarts where it first started",
    requirements: ["CLI-COMMIT-1"],
    needs: [way, "store"],
    async run(t) {
      const channel = t.channel({ messages: numbered(3), pageRetryMs: LONG_MS });
      const reading = t.open(channel, way, { commit: "manual", options: LONG_WAITS });
      await untilHanded(t, reading, 1);
      t.need(claim(reading.messages.length >= 1, "messages delivered", "1 or more", reading.messages.length));
      const again = await restarted(t, channel, reading);
      t.need(claim(again !== undefined, "after the restart the client", "sends a request", "no request"));
      t.check(
        "CLI-COMMIT-1",
        late(oneOf("position after the restart", again?.position, [...NOWHERE, "S-0"])),
        again,
      );
      channel.close();
    },
  })),
  ...eachWay((way) => ({
    id: `client/${way}/begins-at-the-stored-position`,
    title:
      "After a restart the client delivers everything that the application has not handled, and nothing that it has",
    requirements: ["CLI-COMMIT-2"],
    needs: [way, "store"],
    waitsMs: 1_000,
    async run(t) {
      const messages = numbered(4);
      const channel = t.channel({ messages: messages.slice(0, 3), pageRetryMs: LONG_MS });
      const reading = t.open(channel, way, { options: LONG_WAITS });
      await untilHanded(t, reading, 3);
      // The client has handled all three once it asks for what follows them.
      if (way === "long-poll") await t.until(() => channel.requests.at(-1)?.position === messages[2]?.cursor);
      const before = reading.messages.length;
      const goOn = (): void => {
        channel.append(...messages.slice(3));
        channel.close();
      };
      if (way === "poll") goOn(); // the client sleeps, and does not notice
      const again = await restarted(t, channel, reading);
      const { position } = again ?? {};
      const handled = [messages[1]?.cursor, messages[2]?.cursor];
      t.check("CLI-COMMIT-2", late(oneOf("position after the restart", position, handled)), again);
      if (way !== "poll") goOn();
      await untilOver(t, reading);
      const cursors = reading.messages.slice(before).map(({ data }) => JSON.stringify(data));
      t.check("CLI-COMMIT-2", same("the last message", cursors.at(-1), messages[3]?.json), again);
    },
  })),
];

/** Restart the client; resolves to its first request after that. */
async function restarted(
  t: ClientContext,
  channel: ScriptedChannel,
  reading: Reading,
): Promise<SeenRequest | undefined> {
  const isHeld = (): boolean => channel.requests.at(-1)?.position === channel.end;
  // A client that reads ahead does so now, before its requests are counted.
  if (channel.requests.at(-1)?.waitS !== undefined) await t.until(isHeld, READ_AHEAD_MS);
  const before = channel.requests.length;
  await t.watch(SETTLE_MS);
  t.need(same("requests before the restart, while the client has to wait", channel.requests.length, before));
  const connections = new Set(channel.requests.filter(({ ending }) => ending === undefined));
  t.restart(reading);
  await t.until(() => channel.requests.length > before || reading.hasEnded);
  for (const request of connections) await t.until(() => request.ending !== undefined, SETTLE_MS);
  return channel.requests[before];
}

/** By this time a client that reads ahead of its application has done so. */
const READ_AHEAD_MS = 3_000;

/** By this time the client has stored its position, and a killed client sends nothing more. */
const SETTLE_MS = 150;

/** A late request from before the restart looks like one from after it, so a run that lagged decides nothing. */
function late(found: Claim): Claim {
  return { ...found, timed: true };
}
