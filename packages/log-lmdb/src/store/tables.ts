import type { RootDatabase } from "lmdb";
import { type ChannelKey, channelKeys } from "./channel-table.ts";
import { byteKeys, CheckedTable } from "./checked-table.ts";
import { type MessageKey, messageKeys } from "./message-table.ts";
import type { KeyCodec } from "./record-codec.ts";

/** The tables of a log. */
export interface Tables {
  readonly meta: CheckedTable<string>;
  readonly channels: CheckedTable<ChannelKey>;
  /** The start positions of channels that were removed and not written since. */
  readonly removed: CheckedTable<ChannelKey>;
  readonly messages: CheckedTable<MessageKey>;
  /** Idempotency keys and their answers. */
  readonly keys: CheckedTable<Uint8Array>;
  /** The same keys, prefixed with the time at which each expires. */
  readonly expiry: CheckedTable<Uint8Array>;
  /** Removed incarnations whose messages are not deleted yet. */
  readonly garbage: CheckedTable<Uint8Array>;
}

/** The name of a table. */
export type TableName = keyof Tables;

/** The tables with most records first. */
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

/** Open all tables, creating missing ones. */
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
