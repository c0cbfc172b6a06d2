import { type JetStreamManager, jetstreamManager } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";
import { EngineClock, HealthState, type Retention } from "@tidemark/log/parts";
import { answerMs as answerMsOf, connectTo, type NatsAddress } from "./connection.ts";
import { asProblem } from "./failures.ts";
import { KeyStore } from "./key-store.ts";
import { LatestRecords } from "./latest-records.ts";
import type { Names } from "./names.ts";
import { Requests } from "./requests.ts";
import { Store } from "./store.ts";
import { StreamGuard } from "./stream-guard.ts";
import { isDirect, type StreamSetup, setUpStreams, timeOf } from "./stream-setup.ts";
import { WakeUps } from "./wake-ups.ts";

/** What an open log is made of. */
export interface LogParts {
  readonly connection: NatsConnection;
  readonly names: Names;
  readonly retention: Retention;
  readonly store: Store;
  readonly keys: KeyStore;
  readonly clock: EngineClock;
  /** The last record of each channel that this process put. */
  readonly latest: LatestRecords;
  readonly wakeUps: WakeUps;
  readonly health: HealthState;
  readonly guard: StreamGuard;
}

/** What a log is opened with, once it was looked at. */
export interface LogSetup extends StreamSetup {
  readonly names: Names;
  readonly retention: Retention;
}

/** Connect, and set up the streams. @throws as `NatsLog.open` does */
export async function openParts(address: NatsAddress, setup: LogSetup): Promise<LogParts> {
  const connection = await connectTo(address);
  try {
    return await partsOn(connection, answerMsOf(address), setup);
  } catch (error) {
    await connection.close();
    throw asProblem(error);
  }
}

async function partsOn(connection: NatsConnection, answerMs: number, setup: LogSetup): Promise<LogParts> {
  const { names, retention } = setup;
  const manager = await jetstreamManager(connection, { timeout: answerMs });
  const info = await setUpStreams(connection, manager, names, setup);
  const clock = new EngineClock();
  clock.hear(await timeOf(manager, names));
  const [latest, wakeUps] = [new LatestRecords(), new WakeUps(connection)];
  const health = new HealthState({
    usable: true,
    detail: `NATS can be used, and has the stream ${names.stream}`,
  });
  const create = creator(connection, manager, setup);
  const guard = new StreamGuard({ manager, names, replicas: setup.replicas, health, info, create });
  const access = { manager, answerMs, client: manager.jetstream() };
  const ofRecords = { ...access, stream: names.stream, isDirect: () => isDirect(guard.config) };
  const ofKeys = { ...access, stream: names.keys, isDirect: () => false };
  const store = new Store(new Requests(ofRecords), names);
  const keys = new KeyStore(new Requests(ofKeys), names);
  return { connection, names, retention, store, keys, clock, latest, wakeUps, health, guard };
}

/** How streams that are gone are created; `undefined` where that is left to somebody else. */
function creator(
  connection: NatsConnection,
  manager: JetStreamManager,
  setup: LogSetup,
): (() => Promise<void>) | undefined {
  if (!setup.createStream) return undefined;
  return async () => {
    await setUpStreams(connection, manager, setup.names, setup);
  };
}
