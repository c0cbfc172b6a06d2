// The channels of the log in memory, as the lines of the journal make them.
import { createHmac } from "node:crypto";
import { formatLogCursor, gapError, parseLogCursor } from "@tidemark/log";

export class Channels {
  seed = "";
  #written = new Map();
  #removals = new Map();
  #keys = new Map();

  /** A channel; one that was never written is empty and open, and always has the same first cursor. */
  get(name) {
    return this.#written.get(name) ?? this.#unwritten(name);
  }

  names() {
    return this.#written.keys();
  }

  /** The answer that is remembered for an idempotency key of this life of a channel. */
  known({ epoch }, { id }) {
    return this.#keys.get(`${epoch} ${id}`);
  }

  /** Forget the keys of appends before this time. */
  forgetKeys(before) {
    for (const [id, { at }] of this.#keys) {
      if (at > before) return;
      this.#keys.delete(id);
    }
  }

  /** Do what a line of the journal says. */
  apply({ seed, channel, removed, start, ...append }) {
    if (seed !== undefined) this.seed = seed;
    else if (removed) this.#remove(channel);
    else if (start !== undefined) drop(this.get(channel), start);
    else return this.#append(channel, append);
  }

  #append(name, { tag, at, drafts, close, key }) {
    const channel = this.get(name);
    if (drafts.length > 0 || close) this.#written.set(name, channel);
    const cursors = drafts.map((draft) => {
      channel.endSeq += 1;
      channel.end = formatLogCursor({ epoch: channel.epoch, seq: channel.endSeq, tag });
      channel.messages.push({ cursor: channel.end, at, ...draft });
      return channel.end;
    });
    channel.closed ||= close;
    const appended = { cursors, cursor: channel.end, closed: channel.closed };
    if (key) this.#keys.set(`${channel.epoch} ${key.id}`, { digest: key.digest, at, appended });
    return appended;
  }

  #remove(name) {
    this.#written.delete(name);
    this.#removals.set(name, (this.#removals.get(name) ?? 0) + 1);
  }

  #unwritten(name) {
    const life = `${this.#removals.get(name) ?? 0} ${name}`;
    const digest = createHmac("sha256", this.seed).update(life).digest("base64url");
    const epoch = digest.slice(0, 12);
    const start = formatLogCursor({ epoch, seq: 0, tag: digest.slice(12, 20) });
    return { epoch, start, startSeq: 0, end: start, endSeq: 0, messages: [], closed: false };
  }
}

/** The number of retained messages before a position. @throws ProtocolError `gap` */
export function locate(channel, from) {
  const { epoch, startSeq, endSeq, start, messages } = channel;
  if (from === "start") return 0;
  if (from === "end") return messages.length;
  const cursor = parseLogCursor(from);
  if (cursor === undefined) throw gapError("unknown", from, channel);
  if (cursor.epoch !== epoch) throw gapError("epoch", from, channel);
  if (cursor.seq < startSeq) throw gapError("retention", from, channel);
  if (cursor.seq > endSeq) throw gapError("ahead", from, channel);
  const offset = cursor.seq - startSeq;
  // Another tag at this position means that another append wrote the message, after a loss.
  if ((messages[offset - 1]?.cursor ?? start) !== from) throw gapError("epoch", from, channel);
  return offset;
}

/** The bytes of a message that count against bounds. */
export function bytesOf({ json, event = "" }) {
  return Buffer.byteLength(json) + Buffer.byteLength(event);
}

/** The first position that retention keeps: no more messages, bytes or age than allowed, but the newest message. */
export function keptFrom({ messages, startSeq }, { maxMessages, maxAgeMs, maxBytes }, now) {
  let bytes = 0;
  let kept = 0;
  for (; kept < messages.length && kept < maxMessages; kept++) {
    const message = messages[messages.length - 1 - kept];
    bytes += bytesOf(message);
    if (now - message.at > maxAgeMs || (kept > 0 && bytes > maxBytes)) break;
  }
  return startSeq + messages.length - kept;
}

function drop(channel, start) {
  const dropped = channel.messages.splice(0, start - channel.startSeq);
  channel.start = dropped.at(-1)?.cursor ?? channel.start;
  channel.startSeq = start;
}
