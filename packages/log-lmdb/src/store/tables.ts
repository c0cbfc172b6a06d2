import type { RootDatabase } from "lmdb";
import { type ChannelKey, channelKeys } from "./channel-table.ts";
import { byteKeys, CheckedTable } from "./checked-table.ts";
import { type MessageKey, messageKeys } from "./message-table.ts";
import type { KeyCodec } from "./record-codec.ts";

/** The tables of a log. */
export interface Tables {
  readonly meta: CheckedTable<string>;
  readonly channels: CheckedTable<ChannelKey>;
  /** Channels that were removed and not written since, and where each begins. */
  readonly removed: CheckedTable<ChannelKey>;
  readonly messages: CheckedTable<MessageKey>;
  /** Idempotency keys and what they were answered. */
  readonly keys: CheckedTable<Uint8Array>;
  /** The same keys behind the time at which each is forgotten. */
  readonly expiry: CheckedTable<Uint8Array>;
  /** Incarnations that were removed and whose messages are still there. */
  readonly garbage: CheckedTable<Uint8Array>;
}

/** The name of a table. */
export type TableName = keyof Tables;

/** Those with most records first. */
export const TABLES: readonly TableName[] = [
  "messages",
  "channels",
  "keys",
  "expiry",
  "removed",
  "garbage",
  "meta",
];

export const metaKeys: KeyCodec<string> = {
  writeKey: (key, target, start) => start + target.write(key, start),
  readKey: (source, start, end) => source.toString("utf8", start, end),
};

export function openMeta(root: RootDatabase<string, string>): CheckedTable<string> {
  return new CheckedTable(root, "meta", metaKeys);
}

/** Open all tables, made if they are missing. */
export function openTables(root: RootDatabase<string, string>): Tables {
  return {
    meta: openMeta(root),
    channels: new CheckedTable(root, "channels", channelKeys),
    removed: new CheckedTable(root, "removed", channelKeys),
    messages: new CheckedTable(root, "messages", messageKeys),
    keys: new CheckedTable(root, "keys", byteKeys),
    expiry: new CheckedTable(root, "expiry", byteKeys),
    garbage: new CheckedTable(root, "garbage", byteKeys),
  };
}
