import type { Answered, StreamEnd } from "@tidemark/server-core";

/** All reasons for which a stream can end, so that each has a sample from the start. */
const ENDS: Readonly<Record<StreamEnd, 0>> = {
  closed: 0,
  client: 0,
  slow: 0,
  broken: 0,
  age: 0,
  draining: 0,
  displaced: 0,
  refused: 0,
  undecided: 0,
  gap: 0,
  failed: 0,
};

/** Counters by one or two labels. */
type Table = Map<string, Map<string, number>>;

/** Counts what happens often, in plain numbers: a library's counter costs ten times as much. */
export class Counts {
  /** By mechanism and status. */
  readonly requests: Table = new Map();
  /** By mechanism and reason. */
  readonly refusals: Table = new Map();
  readonly ends: Record<StreamEnd, number> = { ...ENDS };
  /** Messages and bytes in answers, by mechanism; those of streams are in the next two. */
  readonly messages: Map<string, number> = new Map();
  readonly bytes: Map<string, number> = new Map();
  streamedMessages = 0;
  streamedBytes = 0;
  /** What was appended, by the class of the channel. */
  readonly appends: ReadonlyMap<string, { messages: number; bytes: number }>;
  /** By operation of the log and code. */
  readonly logErrors: Table = new Map();

  /** Each class has a sample from the start. */
  constructor(classes: readonly string[]) {
    this.appends = new Map(classes.map((name) => [name, { messages: 0, bytes: 0 }]));
  }

  answered({ mechanism, status, code, messages, bytes }: Answered): void {
    increment(this.requests, mechanism, String(status));
    if (code !== undefined) increment(this.refusals, mechanism, code);
    if (mechanism === "publish") return; // the answer to a publish delivers no messages
    if (messages > 0) this.messages.set(mechanism, (this.messages.get(mechanism) ?? 0) + messages);
    if (bytes > 0) this.bytes.set(mechanism, (this.bytes.get(mechanism) ?? 0) + bytes);
  }

  streamed(messages: number, bytes: number): void {
    this.streamedMessages += messages;
    this.streamedBytes += bytes;
  }

  /** @param name - a class of channels that the constructor was given */
  appended(name: string, messages: number, bytes: number): void {
    const sums = this.appends.get(name);
    if (!sums) throw new RangeError(`unknown class of channels: ${name}`);
    sums.messages += messages;
    sums.bytes += bytes;
  }

  logFailed(operation: string, code: string): void {
    increment(this.logErrors, operation, code);
  }

  turnedAway(why: "draining" | "full"): void {
    increment(this.refusals, "sse", why);
  }

  streamEnded(why: StreamEnd): void {
    this.ends[why] += 1;
  }
}

function increment(table: Table, first: string, second: string): void {
  const row = table.get(first) ?? new Map<string, number>();
  if (row.size === 0) table.set(first, row);
  row.set(second, (row.get(second) ?? 0) + 1);
}
