import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { type Appended, formatLogCursor, newTag, notAtEndError, parseLogCursor } from "@tidemark/log";
import { contractTests } from "@tidemark/log-contract";
import type { ProtocolError } from "@tidemark/protocol";
import { test } from "uvu";
import { type CreateLmdbLog, lmdbHarness } from "../../test/lmdb-harness.ts";
import { LmdbLog } from "../lmdb-log.ts";
import { emptyState, endOf } from "../store/channel-state.ts";
import { channelKey } from "../store/channel-table.ts";
import type { LmdbStore } from "../store/lmdb-store.ts";

const GRACE_MS = 200;
const UNTRUE: Appended = { cursors: [], cursor: "", closed: false, replayed: false };

/** A log with this fault fails the contract test that was written for it. */
function caught(fault: string, by: string, createLog: CreateLmdbLog): void {
  test(`caught: ${fault}`, async () => {
    const { tests } = contractTests(lmdbHarness({ createLog, graceMs: GRACE_MS }));
    const found = tests.find(({ name }) => name === by);
    assert.ok(found, `the contract has: ${by}`);
    await assert.rejects(found.run());
  });
}

/** The same, for a fault of the store. */
function caughtInStore(fault: string, by: string, break_: (store: LmdbStore) => void): void {
  caught(fault, by, (store, ...rest) => {
    break_(store);
    return new LmdbLog(store, ...rest);
  });
}

caughtInStore(
  "the sequence restarts after a restart of the log",
  "restarting: an earlier cursor continues as before or is a gap",
  ({ channels }) => {
    const [get, put] = [channels.get.bind(channels), channels.put.bind(channels)];
    const written = new Set<string>();
    channels.get = (key) => {
      const state = get(key);
      return written.has(key) ? state : emptyState(state.epoch, newTag());
    };
    channels.put = (key, state) => {
      written.add(key);
      put(key, state);
    };
  },
);

caughtInStore(
  "a removed channel keeps its epoch",
  "removal: all its cursors become gaps, including the empty channel's",
  ({ channels }) => {
    const [get, remove] = [channels.get.bind(channels), channels.remove.bind(channels)];
    const epochs = new Map<string, ReturnType<typeof get>>();
    channels.remove = (key) => {
      epochs.set(key, emptyState(get(key).epoch, get(key).startTag));
      remove(key);
    };
    channels.get = (key) => {
      const state = get(key);
      return state.incarnation === 0 ? (epochs.get(key) ?? state) : state;
    };
  },
);

caughtInStore(
  "removals are forgotten at a restart",
  "restarting: a removed channel stays removed",
  ({ channels }) => {
    // The epoch is derived from the channel's name alone.
    const get = channels.get.bind(channels);
    channels.get = (key) => {
      const state = get(key);
      const epoch = Buffer.from(key).toString("base64url").padEnd(12, "0").slice(0, 12);
      return { ...state, epoch, ...(state.endSeq === 0 ? { startTag: "AAAAAAAA", endTag: "AAAAAAAA" } : {}) };
    };
  },
);

caughtInStore(
  "trimmed messages still count as retained",
  "retention: when all messages are dropped, the end is the only valid position",
  ({ channels }) => {
    const [get, put] = [channels.get.bind(channels), channels.put.bind(channels)];
    channels.put = (key, state) => {
      const { startSeq, startTag } = get(key);
      put(key, { ...state, startSeq, startTag });
    };
  },
);

/** A fault of `read`. */
type Read = LmdbLog["read"];

function readingOtherwise(read: (store: LmdbStore, original: Read) => Read): CreateLmdbLog {
  return (store, ...rest) => {
    const log = new LmdbLog(store, ...rest);
    log.read = read(store, log.read.bind(log));
    return log;
  };
}

caught(
  "the tag is not compared",
  "failover: it stays a gap when more messages are appended than were lost",
  readingOtherwise((store, read) => (channel, from, options) => {
    const { incarnation, epoch, startSeq, startTag, endSeq, endTag } = store.channels.get(
      channelKey(channel),
    );
    const cursor = parseLogCursor(from);
    if (cursor?.epoch !== epoch) return read(channel, from, options);
    const tags = new Map([
      [startSeq, startTag],
      [endSeq, endTag],
    ]);
    const tag = tags.get(cursor.seq) ?? store.messages.tagOf(incarnation, cursor.seq) ?? cursor.tag;
    return read(channel, formatLogCursor({ ...cursor, tag }), options);
  }),
);

caught(
  "trimmed messages are skipped without a gap",
  "retention: a position is valid iff no message after it was dropped",
  readingOtherwise((_, read) => (channel, from, options) => {
    return read(channel, from, options).catch((error: ProtocolError) => {
      if (error.members.reason !== "retention") throw error;
      return read(channel, "start", options);
    });
  }),
);

/** A fault of `append`. */
type Append = LmdbLog["append"];

function appendingOtherwise(append: (store: LmdbStore, original: Append) => Append): CreateLmdbLog {
  return (store, ...rest) => {
    const log = new LmdbLog(store, ...rest);
    log.append = append(store, log.append.bind(log));
    return log;
  };
}

caught(
  "a key is stored after its messages",
  "keys: concurrent appends with the same key are stored once",
  appendingOtherwise((store, append) => async (channel, drafts, { key, ...options } = {}) => {
    const { epoch } = store.channels.get(channelKey(channel));
    const replay = key && store.keys.recall(epoch, key, 0);
    if (replay) return replay;
    const appended = await append(channel, drafts, options);
    const state = store.channels.get(channelKey(channel));
    if (key) await store.commit(() => store.keys.remember(key, state, drafts.length, 0));
    return appended;
  }),
);

caught(
  "the end is checked before the transaction",
  "only after: of many concurrent appends, one is stored",
  appendingOtherwise((store, append) => async (channel, drafts, { after, ...options } = {}) => {
    const end = endOf(store.channels.get(channelKey(channel)));
    if (after !== undefined && after !== end) throw notAtEndError(end);
    return append(channel, drafts, options);
  }),
);

caught(
  "an append resolves before it is committed",
  "appending: an append is readable once it resolves, after all earlier messages",
  appendingOtherwise((_, append) => async (channel, drafts, options) => {
    const appended = append(channel, drafts, options);
    return Promise.race([appended, Promise.resolve(UNTRUE)]);
  }),
);

caught("a change wakes nobody", "watching: a reader that relies on wake-ups misses nothing", (...args) => {
  const log = new LmdbLog(...args);
  log.watch = async () => async () => {};
  return log;
});

test.run();
