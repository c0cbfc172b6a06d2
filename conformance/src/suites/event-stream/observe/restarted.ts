import { DriverError } from "../../../engine/drive/driver.ts";
import { Undecided } from "../../../engine/run/checks.ts";
import type { Observation } from "./observation.ts";
import type { Stream } from "./stream.ts";

/** How long the server may take to be there again, and how long its events may take. */
const BACK_MS = 20_000;
const EVENTS_MS = 6_000;

/** The streams after a restart: a new one, and one that resumes after the last id. */
export interface Restarted {
  readonly fresh: Stream | undefined;
  readonly resumed: Stream | undefined;
}

/** Restart the server, and read again. */
export function restartedIn(seen: Observation): Promise<Restarted> {
  return seen.inTurn("restart", async () => {
    const lastId = seen.witness.lastId;
    const ask = (bare: boolean) => (init: Parameters<Observation["send"]>[0]) =>
      seen.send(init, { bare }).done(BACK_MS);
    try {
      await seen.target.control?.restart?.({
        exchange: ask(false),
        exchangeBare: ask(true),
        signal: seen.signal,
      });
    } catch (error) {
      if (error instanceof DriverError) throw new Undecided("PRECONDITION_FAILED", error.message);
      throw error;
    }
    const fresh = await openAgain(seen);
    const resumed = fresh && seen.open(lastId);
    const enough = (): boolean => !!fresh && seen.feedOf(fresh).length >= ENOUGH;
    await seen.wait(enough, EVENTS_MS);
    fresh?.exchange.abort();
    resumed?.exchange.abort();
    return { fresh, resumed };
  });
}

/** How many events of the new stream are compared. */
const ENOUGH = 8;

/** Open a stream, as often as it takes until the server answers. */
async function openAgain(seen: Observation): Promise<Stream | undefined> {
  const end = Date.now() + BACK_MS;
  while (Date.now() < end) {
    const stream = seen.open();
    await seen.wait(
      () => stream?.exchange.status !== undefined || stream?.exchange.ending !== undefined,
      EVENTS_MS,
    );
    if (stream?.exchange.status === 200) return stream;
    stream?.exchange.abort();
    await seen.wait(() => false, RETRY_MS);
  }
  return undefined;
}

const RETRY_MS = 200;
