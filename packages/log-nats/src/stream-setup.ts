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

/** The options of the streams. */
export interface StreamSetup {
  readonly replicas: number;
  readonly keyTtlMs: number;
  /** How long NATS itself recognizes an append by its key. */
  readonly dedupeMs: number;
  /** Whether missing streams are created. */
  readonly createStream: boolean;
}

const NANOS_PER_MS = 1_000_000;
const LEAST_VERSION = [2, 9] as const;
/**
 * Earlier versions can accept two concurrent appends to a stream with several copies (nats-server #4320,
 * #5644).
 */
const LEAST_FOR_REPLICAS = [2, 10, 20] as const;
/** NATS deletes an undeleted consumer of {@link timeOf} after this time. */
const CLOCK_IDLE_MS = 5_000;
const STREAM_NOT_FOUND = 10_059;
const NAME_IN_USE = 10_058;
/** NATS looks for overlapping subjects first: a stream of the same name that was created a moment ago has them, too. */
const SUBJECTS_OVERLAP = 10_065;

/**
 * Create the streams, or check existing ones. Returns the info of the stream of the channels.
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
  // Update both, because the window must not be longer than the age.
  if (keys.config.max_age !== max_age)
    await manager.streams.update(names.keys, { max_age, duplicate_window });
  return info;
}

/** The time of NATS in milliseconds since 1970: the creation time of a temporary consumer. */
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

/** Whether direct requests are allowed: with several copies, one that lags could answer. */
export function isDirect({ allow_direct, num_replicas }: StreamConfig): boolean {
  return allow_direct && num_replicas === 1;
}

/** Why an existing stream cannot keep a log; `undefined` if it can. */
export function unfit(config: StreamConfig, names: Names, replicas: number): string | undefined {
  const { max_age, max_msgs, max_bytes, discard, retention, republish, subjects = [] } = config;
  if (retention !== RetentionPolicy.Limits) return `its retention is ${retention}, but must be limits`;
  if (max_age > 0) return "max_age drops the only record of a quiet channel; set it to 0";
  if (max_msgs > 0) return "max_msgs drops records of any channel; set it to -1";
  if (config.max_msgs_per_subject > 0)
    return "max_msgs_per_subject drops records; set it to -1, and use the log's retention instead";
  if (max_bytes > 0 && discard !== DiscardPolicy.New)
    return "max_bytes drops old records of any channel; discard new ones instead (discard: new)";
  if (config.sealed) return "it is sealed: it accepts no more messages";
  if (config.deny_purge) return "it denies purges, which retention needs to drop messages";
  if (config.storage !== StorageType.File) return "its storage is memory, but must be file";
  if (config.num_replicas < replicas)
    return `it has ${config.num_replicas} replicas, but ${replicas} are required`;
  if (republish?.src !== names.channels || republish.dest !== names.wakes)
    return `it must republish ${names.channels} to ${names.wakes}`;
  const missing = subjectsOf(names).find((subject) => !subjects.includes(subject));
  return missing && `its subjects must include ${missing}`;
}

/** Why this NATS version cannot keep a stream with this many copies; `undefined` if it can. */
export function unfitVersion(version: string, replicas: number): string | undefined {
  if (!isAtLeast(version, LEAST_VERSION))
    return `NATS is version ${version}, but at least ${LEAST_VERSION.join(".")} is required`;
  if (replicas === 1 || isAtLeast(version, LEAST_FOR_REPLICAS)) return undefined;
  return `NATS is version ${version}, which can accept two appends after the same message if a stream has several copies; use one copy, or at least ${LEAST_FOR_REPLICAS.join(".")}`;
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
    // Another node has created it meanwhile.
    if (!hasCode(error, NAME_IN_USE) && !hasCode(error, SUBJECTS_OVERLAP)) throw error;
    return manager.streams.info(wanted.name).catch((missing) => {
      throw isStreamMissing(missing) ? error : missing;
    });
  }
}

/** Whether NATS answered that the stream does not exist. */
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
