import { type Driver, DriverError, draft } from "../../../../engine/drive/driver.ts";
import type { Finding } from "../../../../engine/run/finding.ts";
import { ok, trouble } from "../../../../engine/run/finding.ts";
import type { Channel } from "../../../../engine/wire/channel.ts";
import { hasChannels } from "../../../../engine/wire/channel.ts";
import { jsonText } from "../../../../engine/wire/json.ts";
import { describe, readPage } from "../../read/page.ts";
import { protocolDriver } from "../protocol-driver.ts";
import type { Located } from "./reach.ts";
import { PROMPT_MS, type Visit } from "./visit.ts";

/** How long a confirmed message may take to become readable: drivers may be asynchronous. */
const ARRIVAL_MS = 3_000;

/** A way to publish to the target that was seen to work. */
export interface Publisher {
  publish(channel: Channel, data: unknown): Promise<void>;
  /** Remove the channel if the driver can; resolves to a note if it stays. */
  remove(channel: Channel): Promise<Finding | undefined>;
}

/** Publish a message and look for it in the channel. */
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
          what: "the suite cannot publish, but most requirements need published messages",
          advice:
            "configure how to publish: `driver` in a configuration file (tidemark-conformance init writes one)",
        },
      ],
    };
  if (!hasChannels(template))
    return {
      findings: [{ state: "note", what: "the URL names a single channel, so nothing is published to it" }],
    };
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
          `the driver ${driver.name} failed to publish`,
          cause,
          "check the driver's URL, method, headers and body",
        ),
      ],
    };
  }
  return (await arrives(visit, channel, mark))
    ? { findings: [ok(`a message published by the driver ${driver.name} can be read back`)], publisher }
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
        return {
          state: "note",
          what: `the channel ${channel.name} was not removed: ${visit.redact(error.message)}`,
        };
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

/** Why a confirmed message is missing. */
async function astray(visit: Visit, driver: Driver, channel: Channel): Promise<Finding> {
  const exchange = await visit.get(channel.url, { after: "start" });
  const page = readPage(exchange);
  const what = `the driver ${driver.name} confirmed a publish, but the message is not in the channel ${channel.name}`;
  if (typeof page === "string")
    return trouble(what, `the channel cannot be read: ${visit.redact(describe(exchange))}`, "fix that first");
  const [first] = page.messages;
  if (first)
    return trouble(
      what,
      `the channel has another message instead: ${jsonText(first.data).slice(0, 120)}`,
      "in the driver's template, put {payload} where the message's data belongs",
    );
  return trouble(
    what,
    "it was written to another channel, or nowhere",
    "use the channel's name in the driver: {channel} in its URL or body, TIDEMARK_CHANNEL in a command",
  );
}
