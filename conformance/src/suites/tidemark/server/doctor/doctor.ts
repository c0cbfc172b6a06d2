import { type Finding, fatal } from "../../../../engine/run/finding.ts";
import { NoVerdict } from "../../../../engine/run/suite.ts";
import { channelAt, hasChannels } from "../../../../engine/wire/channel.ts";
import type { ServerOptions } from "../options.ts";
import { type Publisher, tryPublishing } from "./publish.ts";
import { type Located, reach } from "./reach.ts";
import { Visit } from "./visit.ts";
import { tryHeld, tryStream } from "./waiting.ts";

/** Check a target the way a run would use it. Each problem is reported with its likely cause and a fix. */
export async function* examine(options: ServerOptions): AsyncGenerator<Finding, void> {
  const visit = new Visit(options);
  const prepared = await prepare(visit, options);
  if (prepared.failure) return yield prepared.failure;
  try {
    yield* look(visit);
  } finally {
    await prepared.undo?.();
  }
}

interface Prepared {
  readonly undo?: () => Promise<void>;
  readonly failure?: Finding;
}

/** Start the target if the configuration says how. */
async function prepare(visit: Visit, { prepare: start, signal }: ServerOptions): Promise<Prepared> {
  try {
    const undo = await start?.(signal ?? new AbortController().signal);
    return undo ? { undo } : {};
  } catch (error) {
    if (!(error instanceof NoVerdict)) throw error;
    const cause = visit.redact(error.message);
    return {
      failure: fatal("the target does not start", cause, "check target.start in the configuration"),
    };
  }
}

async function* look(visit: Visit): AsyncGenerator<Finding, void> {
  const { findings, located } = await reach(visit);
  yield* findings;
  if (!located || findings.some(({ state }) => state === "fatal")) return;
  const published = await tryPublishing(visit, located);
  yield* published.findings;
  yield* waits(visit, located, published.publisher);
}

async function* waits(
  visit: Visit,
  located: Located,
  publisher: Publisher | undefined,
): AsyncGenerator<Finding, void> {
  const { template, claims, exchange } = located;
  if (exchange.status === 404) return; // no channel to wait on
  const channel = hasChannels(template) ? visit.channel(template) : channelAt(template, "");
  if (claims.mechanisms.includes("long-poll")) yield await tryHeld(visit, channel, publisher);
  if (claims.mechanisms.includes("sse")) yield await tryStream(visit, channel, publisher);
  const left = await publisher?.remove(channel);
  if (left) yield left;
}
