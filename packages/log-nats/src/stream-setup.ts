import {
  AckPolicy,
  DiscardPolicy,
  JetStreamApiError,
  type JetStreamManager,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
  type StreamInfo,
} from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";
import type { Names } from "./names.ts";

/** What the streams are made with. */
export interface StreamSetup {
  readonly replicas: number;
  readonly keyTtlMs: number;
  /** How long NATS itself knows an append by its key. */
  readonly dedupeMs: number;
  /** Whether streams that are missing are created. */
  readonly createStream: boolean;
}

const NANOS_PER_MS = 1_000_000;
const LEAST_VERSION = [2, 9] as const;
/** Before it an append to a stream with several copies was not checked against others under way (nats-server #4320, #5644). */
const LEAST_FOR_REPLICAS = [2, 10, 20] as const;
/** After so long NATS itself removes a consumer that was made to hear the time, if it could not be deleted. */
const CLOCK_IDLE_MS = 5_000;
const STREAM_NOT_FOUND = 10_059;
const NAME_IN_USE = 10_058;

/**
 * Make the streams, or look at those that are there; answers what is there of that of the channels.
 *
 * @throws Error for a NATS that cannot keep a log
 */
export async function setUpStreams(
  connection: NatsConnection,
  manager: JetStreamManager,
  names: Names,
  setup: StreamSetup,
): Promise<StreamInfo> {
  const version = connection.info?.version ?? "";
  assertVersion(version, setup.replicas);
  const info = await ensureStream(manager, channelStream(names, setup), setup);
  const { config } = info;
  assertVersion(version, config.num_replicas);
  const wrong = unfit(config, names, setup.replicas);
  if (wrong !== undefined) throw new Error(`The stream ${names.stream} cannot keep a log: ${wrong}`);
  const { max_age, duplicate_window, ...wanted } = keyStream(names, setup);
  const keys = await ensureStream(manager, { ...wanted, max_age, duplicate_window }, setup);
  // Both, as the window must not be the longer one.
  if (keys.config.max_age !== max_age)
    await manager.streams.update(names.keys, { max_age, duplicate_window });
  return info;
}

/** The time that NATS has, in milliseconds since 1970: when it made a consumer that nobody uses. */
export async function timeOf(manager: JetStreamManager, names: Names): Promise<number> {
  const { name, created } = await manager.consumers.add(names.keys, {
    ack_policy: AckPolicy.None,
    mem_storage: true,
    num_replicas: 1,
    inactive_threshold: CLOCK_IDLE_MS * NANOS_PER_MS,
  });
  await manager.consumers.delete(names.keys, name);
  return Date.parse(created);
}

/** Whether messages may be asked for directly: of several copies, one that lags may answer. */
export function isDirect({ allow_direct, num_replicas }: StreamConfig): boolean {
  return allow_direct && num_replicas === 1;
}

/** What is wrong with a stream that somebody else made; `undefined` for one that keeps what it was given. */
export function unfit(config: StreamConfig, names: Names, replicas: number): string | undefined {
  const { max_age, max_msgs, max_bytes, discard, retention, republish, subjects = [] } = config;
  if (retention !== RetentionPolicy.Limits) return `its retention is ${retention}, and has to be limits`;
  if (max_age > 0) return "max_age drops the only record of a quiet channel; set it to 0";
  if (max_msgs > 0) return "max_msgs drops records of any channel; set it to -1";
  if (config.max_msgs_per_subject > 0)
    return "max_msgs_per_subject counts records; set it to -1, and bound the log's retention";
  if (max_bytes > 0 && discard !== DiscardPolicy.New)
    return "max_bytes drops old records of any channel; discard new ones instead";
  if (config.sealed) return "it is sealed: it takes no more messages";
  if (config.deny_purge) return "it denies purges, by which retention drops messages";
  if (config.storage !== StorageType.File) return "its storage is memory, and has to be file";
  if (config.num_replicas < replicas)
    return `it has ${config.num_replicas} replicas, and ${replicas} are asked for`;
  if (republish?.src !== names.channels || republish.dest !== names.wakes)
    return `it has to republish ${names.channels} to ${names.wakes}`;
  const missing = subjectsOf(names).find((subject) => !subjects.includes(subject));
  return missing && `its subjects have to include ${missing}`;
}

/** What is wrong with a NATS of this version, for a stream with so many copies; `undefined` for one that is fit. */
export function unfitVersion(version: string, replicas: number): string | undefined {
  if (!isAtLeast(version, LEAST_VERSION))
    return `NATS is version ${version}, and at least ${LEAST_VERSION.join(".")} is needed`;
  if (replicas === 1 || isAtLeast(version, LEAST_FOR_REPLICAS)) return undefined;
  return `NATS is version ${version}, which lets two servers append behind the same message where a stream has several copies; use one copy, or at least ${LEAST_FOR_REPLICAS.join(".")}`;
}

function isAtLeast(version: string, least: readonly number[]): boolean {
  const parts = version.split(".").map((part) => Number.parseInt(part, 10));
  const differs = least.findIndex((part, i) => (parts[i] ?? 0) !== part);
  return differs < 0 || (parts[differs] ?? 0) > (least[differs] ?? 0);
}

function assertVersion(version: string, replicas: number): void {
  const wrong = unfitVersion(version, replicas);
  if (wrong !== undefined) throw new Error(wrong);
}

async function ensureStream(
  manager: JetStreamManager,
  wanted: Partial<StreamConfig> & { readonly name: string },
  { createStream }: StreamSetup,
): Promise<StreamInfo> {
  try {
    return await manager.streams.info(wanted.name);
  } catch (error) {
    if (!isStreamMissing(error)) throw error;
  }
  if (!createStream) throw new Error(`NATS has no stream ${wanted.name}, and createStream is false`);
  try {
    return await manager.streams.add(wanted);
  } catch (error) {
    // Another node made it meanwhile.
    if (!hasCode(error, NAME_IN_USE)) throw error;
    return manager.streams.info(wanted.name);
  }
}

/** Whether NATS answered that it has no such stream. */
export function isStreamMissing(error: unknown): boolean {
  return hasCode(error, STREAM_NOT_FOUND);
}

function hasCode(error: unknown, code: number): boolean {
  return error instanceof JetStreamApiError && error.code === code;
}

function subjectsOf(names: Names): string[] {
  return [names.channels, names.allWritten, names.seed];
}

function channelStream(names: Names, { replicas, keyTtlMs, dedupeMs }: StreamSetup) {
  return {
    name: names.stream,
    subjects: subjectsOf(names),
    storage: StorageType.File,
    discard: DiscardPolicy.New,
    num_replicas: replicas,
    allow_direct: replicas === 1,
    duplicate_window: Math.min(dedupeMs, keyTtlMs) * NANOS_PER_MS,
    republish: { src: names.channels, dest: names.wakes, headers_only: true },
  };
}

function keyStream(names: Names, { replicas, keyTtlMs, dedupeMs }: StreamSetup) {
  return {
    name: names.keys,
    subjects: [names.key("*")],
    storage: StorageType.File,
    num_replicas: replicas,
    max_msgs_per_subject: 1,
    max_age: keyTtlMs * NANOS_PER_MS,
    duplicate_window: Math.min(dedupeMs, keyTtlMs) * NANOS_PER_MS,
  };
}
