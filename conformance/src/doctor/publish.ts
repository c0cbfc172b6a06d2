import { type Driver, DriverError, draft } from "../drive/driver.ts";
import { protocolDriver } from "../drive/protocol-driver.ts";
import { describe, readPage } from "../read/page.ts";
import type { Channel } from "../run/target.ts";
import { hasChannels } from "../run/target.ts";
import { jsonText } from "../wire/json.ts";
import type { Finding } from "./finding.ts";
import { ok, trouble } from "./finding.ts";
import type { Located } from "./reach.ts";
import { PROMPT_MS, type Visit } from "./visit.ts";

/** How long a message that was confirmed may take to be readable: a driver need not be the protocol's. */
const ARRIVAL_MS = 3_000;

/** A way to publish at the target that works. */
export interface Publisher {
  publish(channel: Channel, data: unknown): Promise<void>;
  /** Remove the channel again, where the driver can; tells when it stays. */
  remove(channel: Channel): Promise<Finding | undefined>;
}

/** Publish a message and look for it where it should be. */
export async function tryPublishing(
  visit: Visit,
  located: Located,
): Promise<{ readonly findings: readonly Finding[]; readonly publisher?: Publisher }> {
  const { template, claims } = located;
  const driver = visit.settings.driver ?? (claims.publish ? protocolDriver : undefined);
  if (!driver)
    return {
      findings: [
        {
          state: "note",
          what: "nothing can be published: most requirements need that",
          advice:
            "say how messages get into a channel: `driver` in a configuration (tidemark-conformance init)",
        },
      ],
    };
  if (!hasChannels(template))
    return { findings: [{ state: "note", what: "nothing is published to a channel that is somebody's" }] };
  const channel = visit.channel(template);
  const publisher = publisherOf(visit, driver);
  const mark = `doctor ${channel.name}`;
  try {
    await publisher.publish(channel, mark);
  } catch (error) {
    if (!(error instanceof DriverError)) throw error;
    const cause = visit.redact(error.message);
    return {
      findings: [
        trouble(
          `publishing by ${driver.name} failed`,
          cause,
          "look at the driver's URL, method, headers and body",
        ),
      ],
    };
  }
  return (await arrives(visit, channel, mark))
    ? { findings: [ok(`a message published by ${driver.name} is read back`)], publisher }
    : { findings: [await astray(visit, driver, channel)] };
}

function publisherOf(visit: Visit, driver: Driver): Publisher {
  const context = {
    exchange: (init: Parameters<Visit["send"]>[0]) => visit.send(init).done(PROMPT_MS),
    exchangeBare: (init: Parameters<Visit["send"]>[0]) => visit.sendBare(init).done(PROMPT_MS),
    signal: visit.settings.signal ?? new AbortController().signal,
  };
  return {
    publish: (channel, data) => driver.publish(channel, [draft(data)], context),
    async remove(channel) {
      try {
        await driver.remove?.(channel, context);
        return undefined;
      } catch (error) {
        if (!(error instanceof DriverError)) throw error;
        return { state: "note", what: `the channel ${channel.name} stays: ${visit.redact(error.message)}` };
      }
    },
  };
}

async function arrives(visit: Visit, channel: Channel, mark: string): Promise<boolean> {
  const deadline = performance.now() + ARRIVAL_MS;
  do {
    const stream = visit.send({ url: `${channel.url}${channel.url.includes("?") ? "&" : "?"}after=start` });
    await stream.until(() => stream.text.includes(mark), 1_000);
    stream.abort();
    if (stream.text.includes(mark)) return true;
  } while (performance.now() < deadline);
  return false;
}

/** It was confirmed and is not there: how that can be. */
async function astray(visit: Visit, driver: Driver, channel: Channel): Promise<Finding> {
  const exchange = await visit.get(channel.url, { after: "start" });
  const page = readPage(exchange);
  const what = `publishing by ${driver.name} was confirmed, but the message is not in the channel ${channel.name}`;
  if (typeof page === "string")
    return trouble(
      what,
      `the channel cannot be read: ${visit.redact(describe(exchange))}`,
      "mend that first",
    );
  const [first] = page.messages;
  if (first)
    return trouble(
      what,
      `another is there instead: ${jsonText(first.data).slice(0, 120)}`,
      "let the template put {payload} where the message's data belongs",
    );
  return trouble(
    what,
    "it was written to another channel, or to nowhere",
    "let the driver use the name of the channel: {channel} in its URL or body, TIDEMARK_CHANNEL in a command",
  );
}
