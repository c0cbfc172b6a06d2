// A log in one journal file, for one process: `tidemark serve --log files:directory`, if this folder is installed as
// tidemark-log-files, or `tidemark serve --log ./log-files.mjs:directory`. See README.md.
import { closedError, keyReusedError, newTag, notAtEndError } from "@tidemark/log";
import { atLeast, resolveRetention, Watchers } from "@tidemark/log/parts";
import { ProtocolError } from "@tidemark/protocol";
import { bytesOf, Channels, keptFrom, locate } from "./channels.mjs";
import { Journal } from "./journal.mjs";

/** Called by the `tidemark` command. `name` is `files:directory`, or only the directory. */
export async function openLog(name, { maxChannels, maxBytes, ...options }) {
  if ((maxChannels ?? maxBytes) !== undefined)
    throw new RangeError("This log does not support --max-channels and --max-bytes");
  return new FilesLog(directoryOf(name), options);
}

/** Called by the `tidemark` command: its first lines say where messages are kept. */
export function describeLog(name) {
  return { keeps: `messages are kept in ${directoryOf(name)}, and survive kill -9, but not a power loss` };
}

function directoryOf(name) {
  const directory = name.replace(/^files:/, "");
  if (directory === "") throw new RangeError("Unknown log: expected files:directory");
  return directory;
}

/** Each method does its work in one turn of the event loop, so it is atomic in this process. */
export class FilesLog {
  #channels = new Channels();
  #watchers = new Watchers();
  #journal;
  #retention;
  #keyTtlMs;
  #now;
  #disposed = false;

  constructor(directory, { retention, keyTtlMs = 86_400_000, create = true, now = Date.now } = {}) {
    this.#retention = resolveRetention(retention);
    this.#keyTtlMs = atLeast(0, keyTtlMs, "keyTtlMs");
    this.#now = now;
    this.#journal = new Journal(directory, { create, apply: (line) => this.#channels.apply(line) });
    if (this.#journal.isEmpty) this.#write({ seed: newTag() + newTag() });
  }

  async append(name, drafts, { key, after, close = false } = {}) {
    this.#assertLive();
    const at = this.#now();
    this.#channels.forgetKeys(at - this.#keyTtlMs);
    const channel = this.#channels.get(name);
    const known = key && this.#channels.known(channel, key);
    if (known && known.digest !== key.digest) throw keyReusedError();
    if (known) return { ...known.appended, replayed: true };
    if (channel.closed && drafts.length > 0) throw closedError(channel.end);
    if (after !== undefined && after !== channel.end) throw notAtEndError(channel.end);
    const changes = drafts.length > 0 || (close && !channel.closed);
    if (!changes && !key)
      return { cursors: [], cursor: channel.end, closed: channel.closed, replayed: false };
    const line = { channel: name, tag: newTag(), at, close, drafts: drafts.map(stored), ...(key && { key }) };
    const appended = this.#write(line);
    this.#trim(name, keptFrom(channel, this.#retention, at));
    if (changes) this.#watchers.wake(name);
    return { ...appended, replayed: false };
  }

  async read(name, from, { maxMessages, maxBytes = Number.POSITIVE_INFINITY }) {
    this.#assertLive();
    atLeast(1, maxMessages, "maxMessages");
    const channel = this.#channels.get(name);
    this.#trim(name, keptFrom(channel, this.#retention, this.#now()));
    const offset = locate(channel, from);
    let bytes = 0;
    let end = offset;
    for (; end < channel.messages.length && end - offset < maxMessages; end++) {
      bytes += bytesOf(channel.messages[end]);
      if (end > offset && bytes > maxBytes) break;
    }
    const messages = channel.messages.slice(offset, end).map(({ at: _, ...message }) => message);
    const start = channel.messages[offset - 1]?.cursor ?? channel.start;
    const more = end < channel.messages.length;
    return {
      messages,
      from: start,
      cursor: messages.at(-1)?.cursor ?? start,
      more,
      closed: channel.closed && !more,
    };
  }

  async watch(name, wake) {
    this.#assertLive();
    const end = this.#watchers.add(name, wake);
    return async () => end();
  }

  async remove(name) {
    this.#assertLive();
    if (![...this.#channels.names()].includes(name)) return false;
    this.#write({ channel: name, removed: true });
    this.#watchers.wake(name);
    return true;
  }

  async *channels() {
    this.#assertLive();
    yield* this.#channels.names();
  }

  async dispose() {
    if (!this.#disposed) this.#journal.close();
    this.#disposed = true;
    this.#watchers.clear();
  }

  #write(line) {
    this.#journal.write(line);
    return this.#channels.apply(line);
  }

  #trim(name, start) {
    if (start > this.#channels.get(name).startSeq) this.#write({ channel: name, start });
  }

  #assertLive() {
    if (this.#disposed) throw new ProtocolError("unavailable", "The log is disposed of");
  }
}

function stored({ json, event }) {
  return event === undefined ? { json } : { event, json };
}
