import { newEpoch, newTag } from "@tidemark/log";
import type { Retention } from "@tidemark/log/parts";
import type { RawDraft } from "@tidemark/protocol";
import type { Cluster, Redis } from "ioredis";
import type { Keys } from "./keys.ts";
import { type MessageId, tagNumber } from "./message-id.ts";
import { runScript, type Script, script } from "./script.ts";
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

/** A message as it stands in its stream. */
export interface Entry {
  readonly id: MessageId;
  readonly json: string;
  readonly event: string | undefined;
}

/** What the read script answers: the channel's extent, and what follows `at`, if the log has that position. */
export interface ReadReply {
  readonly epoch: string;
  readonly first: MessageId;
  readonly last: MessageId;
  readonly closed: boolean;
  readonly at: MessageId | undefined;
  readonly entries: readonly Entry[];
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

/** The scripts; what a test breaks on purpose, it breaks here. */
export interface Scripts {
  readonly append: Script;
  readonly read: Script;
  readonly remove: Script;
  readonly adopt: Script;
}

export const SCRIPTS: Scripts = {
  append: script(APPEND),
  read: script(READ),
  remove: script(REMOVE),
  adopt: script(ADOPT),
};

/** What the engine is told once. */
export interface EngineOptions {
  readonly retention: Retention;
  readonly keyTtlMs: number;
  /** For each shard. */
  readonly maxRemoved: number;
  readonly scripts?: Scripts;
}

/** No position: what stands where one never is. */
const NOWHERE = "-";

/** The scripts, with their arguments in order and their answers in words: each call is one atomic step of Redis. */
export class Engine {
  readonly #redis: Redis | Cluster;
  readonly #keys: Keys;
  readonly #options: EngineOptions;
  readonly #scripts: Scripts;

  constructor(redis: Redis | Cluster, keys: Keys, options: EngineOptions) {
    this.#redis = redis;
    this.#keys = keys;
    this.#options = options;
    this.#scripts = options.scripts ?? SCRIPTS;
  }

  async append(channel: string, { drafts, close, after, key }: AppendRequest): Promise<AppendReply> {
    const { state, wake, nothing } = this.#keys.of(channel);
    const args = [
      ...[...this.#stateArgs(channel), wake, tagNumber(newTag()) ?? 0, close ? 1 : 0],
      after === undefined ? "" : after === null ? NOWHERE : `${after.epoch} ${after.id}`,
      ...[key ? 1 : 0, key?.digest ?? "", this.#options.keyTtlMs],
    ];
    for (const { event = "", json } of drafts) args.push(event, json);
    const remembered = key ? this.#keys.ofAppend(channel, key.id) : nothing;
    const reply = await runScript(this.#redis, this.#scripts.append, [...state, remembered], args);
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
    const args = [...this.#stateArgs(channel), epoch, id, finite(maxMessages), finite(maxBytes)];
    const reply = await runScript(this.#redis, this.#scripts.read, [...state, nothing], args);
    const [present, first, last, closed, at, entries] = reply as ReadAnswer;
    return {
      ...{ epoch: present, first, last, closed: closed === "1" },
      at: at === "" ? undefined : at,
      entries: entries.map(([entryId, fields]) => ({ id: entryId, json: fields[5], event: fields[7] })),
    };
  }

  async remove(channel: string): Promise<boolean> {
    const { state, wake } = this.#keys.of(channel);
    const args = [...this.#stateArgs(channel), wake];
    return (await runScript(this.#redis, this.#scripts.remove, state, args)) === 1;
  }

  /** Store entries under the ids that they have, behind `from`. */
  async adopt(channel: string, { from, entries, closed }: AdoptRequest): Promise<AdoptReply> {
    const { state, wake } = this.#keys.of(channel);
    const args = [...this.#stateArgs(channel), wake, from.epoch, from.id, closed ? 1 : 0];
    for (const { id, event = "", json } of entries) args.push(id, event, json);
    const reply = await runScript(this.#redis, this.#scripts.adopt, state, args);
    const [outcome, epoch, end] = reply as [AdoptReply["outcome"], string, MessageId];
    return { outcome, epoch, end };
  }

  #stateArgs(channel: string): (string | number)[] {
    const { maxRemoved, retention } = this.#options;
    const { maxMessages, maxAgeMs, maxBytes } = retention;
    const nonce = newEpoch() + newTag();
    return [channel, nonce, ...[maxRemoved, maxMessages, maxAgeMs, maxBytes].map(finite)];
  }
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

/** `t`, `b`, `d` and perhaps `e`, each before its value. */
type Fields = [string, string, string, string, string, data: string, string?, event?: string];

type ReadAnswer = [
  epoch: string,
  first: MessageId,
  last: MessageId,
  closed: "0" | "1",
  at: MessageId | "",
  entries: [id: MessageId, fields: Fields][],
];
