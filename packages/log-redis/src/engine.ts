import { newTag } from "@tidemark/log";
import type { Retention } from "@tidemark/log/parts";
import type { RawDraft, RawMessage } from "@tidemark/protocol";
import type { Cluster, Redis } from "ioredis";
import { messagesOf } from "./entries.ts";
import type { Keys } from "./keys.ts";
import { type MessageId, tagNumber } from "./message-id.ts";
import { newNonce, runScript, type Script, script } from "./script.ts";
import { ADOPT } from "./scripts/adopt.ts";
import { APPEND } from "./scripts/append.ts";
import { READ } from "./scripts/read.ts";
import { REMOVE } from "./scripts/remove.ts";

/** A position as the scripts know it: its epoch and its id; for the words, the word. */
export interface ScriptPosition {
  readonly epoch: string;
  readonly id: MessageId | "start" | "end";
}

/** What the append script is asked. */
export interface AppendRequest {
  readonly drafts: readonly RawDraft[];
  readonly close: boolean;
  /** A position that can be the end; `null` for one that never is, `undefined` for no condition. */
  readonly after: ScriptPosition | null | undefined;
  readonly key: { readonly id: string; readonly digest: string } | undefined;
}

/** What it answers: the end as this append, or the one that it repeats, left it. */
export interface AppendReply {
  readonly outcome: "stored" | "replayed" | "key-reused" | "closed" | "not-at-end";
  readonly epoch: string;
  readonly end: MessageId;
  readonly closed: boolean;
  readonly count: number;
}

/** What the read script answers: the channel's extent, and what follows `at`, if the log has that position. */
export interface ReadReply {
  readonly epoch: string;
  readonly first: MessageId;
  readonly last: MessageId;
  readonly closed: boolean;
  readonly at: MessageId | undefined;
  readonly messages: readonly RawMessage[];
}

/** A message under the id that it has. */
export interface Entry extends RawDraft {
  readonly id: MessageId;
}

/** What the adopt script is asked. */
export interface AdoptRequest {
  readonly from: ScriptPosition;
  readonly entries: readonly Entry[];
  readonly closed: boolean;
}

/** What it answers: the end, as it stands now. */
export interface AdoptReply {
  readonly outcome: "stored" | "not-at-end";
  readonly epoch: string;
  readonly end: MessageId;
}

/** The texts of the scripts; what a test breaks on purpose, it breaks here. */
export interface Scripts {
  readonly append: string;
  readonly read: string;
  readonly remove: string;
  readonly adopt: string;
}

export const SCRIPTS: Scripts = { append: APPEND, read: READ, remove: REMOVE, adopt: ADOPT };

/** What the engine is told once. */
export interface EngineOptions {
  readonly retention: Retention;
  readonly keyTtlMs: number;
  /** For each shard. */
  readonly maxRemoved: number;
  /** The time by which messages grow old, in milliseconds since 1970. @defaultValue the clock of Redis */
  readonly nowMs?: () => number;
  readonly scripts?: Scripts;
}

/** No position: what stands where one never is. */
const NOWHERE = "-";

/** The scripts, with their arguments in order and their answers in words: each call is one atomic step of Redis. */
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
    // A further argument would cost more than this, and most logs bound no age.
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

  /** Store entries under the ids that they have, behind `from`. */
  async adopt(channel: string, { from, entries, closed }: AdoptRequest): Promise<AdoptReply> {
    const { state } = this.#keys.of(channel);
    const args = [this.#nonce(), from.epoch, from.id, closed ? 1 : 0];
    for (const { id, event = "", json } of entries) args.push(id, event, json);
    const reply = await runScript(this.#redis, this.#scripts.adopt, state, args);
    const [outcome, epoch, end] = reply as [AdoptReply["outcome"], string, MessageId];
    return { outcome, epoch, end };
  }
}

/** What a log is bounded by, as the scripts' first line: sent with them once, not with each call. */
function boundsInLua({ retention, keyTtlMs, maxRemoved }: EngineOptions): string {
  const { maxMessages, maxAgeMs, maxBytes } = retention;
  const bounds = { maxMessages, maxAgeMs, maxBytes, keyTtlMs, maxRemoved };
  return `local ${Object.keys(bounds).join(", ")} = ${Object.values(bounds).map(finite).join(", ")}\n`;
}

/** A bound as Lua takes it: `Infinity` has no spelling there. */
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
