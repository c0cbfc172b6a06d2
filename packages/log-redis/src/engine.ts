import { newTag } from "@tidemark/log";
import type { Retention } from "@tidemark/log/parts";
import type { RawDraft, RawMessage } from "@tidemark/protocol";
import type { Cluster, Redis } from "ioredis";
import type { Keys } from "./keys.ts";
import { type MessageId, messagesOf, tagNumber } from "./message-id.ts";
import { newNonce, runScript, type Script, script } from "./script.ts";
import { ADOPT } from "./scripts/adopt.ts";
import { APPEND } from "./scripts/append.ts";
import { READ } from "./scripts/read.ts";
import { REMOVE } from "./scripts/remove.ts";

/** A position as an argument of the scripts: its epoch and id, or the word `start` or `end`. */
export interface ScriptPosition {
  readonly epoch: string;
  readonly id: MessageId | "start" | "end";
}

/** The arguments of the append script. */
export interface AppendRequest {
  readonly drafts: readonly RawDraft[];
  readonly close: boolean;
  /** The expected end; `null` for a position that cannot be the end, `undefined` for no condition. */
  readonly after: ScriptPosition | null | undefined;
  readonly key: { readonly id: string; readonly digest: string } | undefined;
}

/** The answer of the append script: the end after this append, or after the one that it repeats. */
export interface AppendReply {
  readonly outcome: "stored" | "replayed" | "key-reused" | "closed" | "not-at-end";
  readonly epoch: string;
  readonly end: MessageId;
  readonly closed: boolean;
  readonly count: number;
}

/**
 * The answer of the read script: the channel's extent, and the messages after `at`, if the log has that
 * position.
 */
export interface ReadReply {
  readonly epoch: string;
  readonly first: MessageId;
  readonly last: MessageId;
  readonly closed: boolean;
  readonly at: MessageId | undefined;
  readonly messages: readonly RawMessage[];
}

/** A message with its existing id. */
export interface Entry extends RawDraft {
  readonly id: MessageId;
}

/** The arguments of the adopt script. */
export interface AdoptRequest {
  readonly from: ScriptPosition;
  readonly entries: readonly Entry[];
  readonly closed: boolean;
}

/** The answer of the adopt script: the current end. */
export interface AdoptReply {
  readonly outcome: "stored" | "not-at-end";
  readonly epoch: string;
  readonly end: MessageId;
}

/** The texts of the scripts; mutant tests replace them. */
export interface Scripts {
  readonly append: string;
  readonly read: string;
  readonly remove: string;
  readonly adopt: string;
}

export const SCRIPTS: Scripts = { append: APPEND, read: READ, remove: REMOVE, adopt: ADOPT };

/** Options of an {@link Engine}. */
export interface EngineOptions {
  readonly retention: Retention;
  readonly keyTtlMs: number;
  /** Removals remembered in each shard. */
  readonly maxRemoved: number;
  /** The time for the age of messages, in milliseconds since 1970. @defaultValue the clock of Redis */
  readonly nowMs?: () => number;
  readonly scripts?: Scripts;
}

/** An argument that never equals a position. */
const NOWHERE = "-";

/** Calls the scripts. Each call is one atomic step of Redis. */
export class Engine {
  readonly #redis: Redis | Cluster;
  readonly #keys: Keys;
  readonly #scripts: Readonly<Record<keyof Scripts, Script>>;
  readonly #nonce: () => string;

  constructor(redis: Redis | Cluster, keys: Keys, options: EngineOptions) {
    this.#redis = redis;
    this.#keys = keys;
    const { append, read, remove, adopt } = options.scripts ?? SCRIPTS;
    const { retention, nowMs } = options;
    // Appended to the nonce, because a separate argument would cost more. Most logs have no age bound.
    this.#nonce =
      nowMs && Number.isFinite(retention.maxAgeMs) ? () => `${newNonce()} ${finite(nowMs())}` : newNonce;
    const whole = (lua: string): Script => script(boundsInLua(options) + lua);
    this.#scripts = { append: whole(append), read: whole(read), remove: whole(remove), adopt: whole(adopt) };
  }

  async append(channel: string, { drafts, close, after, key }: AppendRequest): Promise<AppendReply> {
    const { state } = this.#keys.of(channel);
    const keys = key ? [...state, this.#keys.ofAppend(channel, key.id)] : state;
    const condition = after === undefined ? "" : after === null ? NOWHERE : `${after.epoch} ${after.id}`;
    const args = [this.#nonce(), tagNumber(newTag()) ?? 0, close ? 1 : 0, condition, key?.digest ?? ""];
    for (const { event = "", json } of drafts) args.push(event, json);
    const reply = await runScript(this.#redis, this.#scripts.append, keys, args);
    const [outcome, epoch, end, closed, count] = reply as AppendAnswer;
    return { outcome, epoch, end, closed: closed === "1", count };
  }

  async read(
    channel: string,
    { epoch, id }: ScriptPosition,
    maxMessages: number,
    maxBytes: number,
  ): Promise<ReadReply> {
    const { state, nothing } = this.#keys.of(channel);
    const args = [this.#nonce(), epoch, id, finite(maxMessages), finite(maxBytes)];
    const reply = await runScript(this.#redis, this.#scripts.read, [...state, nothing], args);
    const [present, first, last, closed, at, heads, data] = reply as ReadAnswer;
    return {
      ...{ epoch: present, first, last, closed: closed === "1" },
      at: at === "" ? undefined : at,
      messages: messagesOf(heads, data, present),
    };
  }

  async remove(channel: string): Promise<boolean> {
    const { state } = this.#keys.of(channel);
    return (await runScript(this.#redis, this.#scripts.remove, state, [this.#nonce()])) === 1;
  }

  /** Store entries with their existing ids, after `from`. */
  async adopt(channel: string, { from, entries, closed }: AdoptRequest): Promise<AdoptReply> {
    const { state } = this.#keys.of(channel);
    const args = [this.#nonce(), from.epoch, from.id, closed ? 1 : 0];
    for (const { id, event = "", json } of entries) args.push(id, event, json);
    const reply = await runScript(this.#redis, this.#scripts.adopt, state, args);
    const [outcome, epoch, end] = reply as [AdoptReply["outcome"], string, MessageId];
    return { outcome, epoch, end };
  }
}

/**
 * The bounds of a log as the first line of its scripts, so that they are sent once and not with each call.
 */
function boundsInLua({ retention, keyTtlMs, maxRemoved }: EngineOptions): string {
  const { maxMessages, maxAgeMs, maxBytes } = retention;
  const bounds = { maxMessages, maxAgeMs, maxBytes, keyTtlMs, maxRemoved };
  return `local ${Object.keys(bounds).join(", ")} = ${Object.values(bounds).map(finite).join(", ")}\n`;
}

/** A bound as a Lua number, because Lua has no literal for `Infinity`. */
function finite(bound: number): number {
  return Math.min(Math.floor(bound), Number.MAX_SAFE_INTEGER);
}

type AppendAnswer = [
  outcome: AppendReply["outcome"],
  epoch: string,
  end: MessageId,
  closed: "0" | "1",
  count: number,
];

type ReadAnswer = [
  epoch: string,
  first: MessageId,
  last: MessageId,
  closed: "0" | "1",
  at: MessageId | "",
  heads: string,
  data: string[],
];
