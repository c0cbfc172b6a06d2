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

/** The parts of an open log. */
export interface LogParts {
  readonly connection: NatsConnection;
  readonly names: Names;
  readonly retention: Retention;
  readonly store: Store;
  readonly keys: KeyStore;
  readonly clock: EngineClock;
  /** The last record that this process put in each channel. */
  readonly latest: LatestRecords;
  readonly wakeUps: WakeUps;
  readonly health: HealthState;
  readonly guard: StreamGuard;
}

/** The validated options of a log. */
export interface LogSetup extends StreamSetup {
  readonly names: Names;
  readonly retention: Retention;
}

/** Connect, and set up the streams. @throws the errors of `NatsLog.open` */
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

/** A function that creates missing streams; `undefined` if `createStream` is false. */
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
