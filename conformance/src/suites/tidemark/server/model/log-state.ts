import { performance } from "node:perf_hooks";
import type { Json } from "../../../../engine/wire/json.ts";

export interface KnownMessage {
  readonly cursor: string;
  readonly event: string;
  readonly data: Json;
}

/** A publish that was carried out with an idempotency key. */
export interface KeyedPublish {
  readonly body: string | Uint8Array;
  /** The members of the body, however they are written. */
  readonly members: string;
  readonly answer: Json;
  /** `performance.now()` when it was sent. */
  readonly at: number;
}

/** One life of the channel: all its messages, also those that retention has dropped. */
export interface Epoch {
  readonly messages: KnownMessage[];
  /** The first publish with each idempotency key. */
  readonly keys: Map<number, KeyedPublish>;
  /** The cursor before the first message, once a response has shown it. */
  origin: string | undefined;
}

/** The channel at one moment. */
export interface Version {
  readonly epoch: Epoch;
  /** The first message that is retained, by its place. */
  readonly first: number;
  /** How many messages were ever appended in the epoch. */
  readonly count: number;
  readonly closed: boolean;
  /** `performance.now()` when the model learned of it. */
  readonly at: number;
}

/** Where a cursor is: after so many messages of an epoch. */
export interface Located {
  readonly epoch: Epoch;
  readonly index: number;
}

/** What an entity tag stands for. */
export interface Tagged extends Located {
  readonly to: number;
  readonly more: boolean;
  readonly closed: boolean;
  readonly filter: string;
  readonly limit: number | undefined;
  /** The names of the directives of its `Cache-Control`. */
  readonly cache: string;
}

/** What the model knows about a channel: everything that it was, and every cursor that was seen. */
export class LogState {
  readonly versions: Version[] = [];
  /** The cursors in the order in which they were first seen. */
  readonly known: string[] = [];
  readonly tags: Map<string, Tagged> = new Map();
  lastTag: string | undefined;
  readonly #places = new Map<string, Located>();

  constructor() {
    this.begin();
  }

  /** The present. */
  get now(): Version {
    return this.versions.at(-1) as Version;
  }

  /** A new, empty, open epoch. */
  begin(): void {
    this.#change({
      epoch: { messages: [], keys: new Map(), origin: undefined },
      first: 0,
      count: 0,
      closed: false,
      at: 0,
    });
  }

  append(messages: readonly KnownMessage[], close: boolean): void {
    const { epoch, count, closed } = this.now;
    epoch.messages.push(...messages);
    for (const [index, { cursor }] of messages.entries()) this.learn(cursor, epoch, count + index + 1);
    this.#change({ ...this.now, count: count + messages.length, closed: closed || close });
  }

  trim(keep: number): void {
    const { first, count } = this.now;
    this.#change({ ...this.now, first: Math.max(first, count - keep) });
  }

  locate(cursor: string): Located | undefined {
    return this.#places.get(cursor);
  }

  /** The cursor of a position, if a response has shown it. */
  cursorAt(epoch: Epoch, index: number): string | undefined {
    return index === 0 ? epoch.origin : epoch.messages[index - 1]?.cursor;
  }

  /** Remember the cursor of a position. */
  learn(cursor: string, epoch: Epoch, index: number): void {
    if (this.#places.has(cursor)) return;
    this.#places.set(cursor, { epoch, index });
    this.known.push(cursor);
    if (index === 0) epoch.origin ??= cursor;
  }

  /**
   * Whether the channel has had one epoch since a version. If it had several, an answer of that time teaches no new
   * cursor: it could be one of any of them.
   */
  isOneEpoch(since: number): boolean {
    return this.versions[since]?.epoch === this.now.epoch;
  }

  /** Judge an answer; what it teaches is forgotten again if it is wrong, because another version may explain it. */
  tentatively<T>(judge: () => T | undefined, learns = true): T | undefined {
    const { length } = this.known;
    const origins = new Map(this.versions.map(({ epoch }) => [epoch, epoch.origin]));
    const fault = judge();
    if (fault === undefined && learns) return undefined;
    for (const cursor of this.known.splice(length)) this.#places.delete(cursor);
    for (const [epoch, origin] of origins) epoch.origin = origin;
    return fault;
  }

  /** Whether a version was still the present one after a `performance.now()` time. */
  lasts(at: number, moment: number): boolean {
    const next = this.versions[at + 1];
    return next === undefined || next.at >= moment;
  }

  #change(version: Version): void {
    this.versions.push({ ...version, at: performance.now() });
  }
}

/** Whether a filter keeps a message. */
export function keeps(filter: string | undefined, { event }: KnownMessage): boolean {
  return filter === undefined || filter.split(",").includes(event);
}

/** The messages that a filter keeps between two positions. */
export function between(
  epoch: Epoch,
  from: number,
  to: number,
  filter: string | undefined,
): readonly KnownMessage[] {
  return epoch.messages.slice(from, to).filter((message) => keeps(filter, message));
}
