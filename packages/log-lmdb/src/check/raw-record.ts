import type { Buffer } from "node:buffer";
import { channelKeys } from "../store/channel-table.ts";
import { byteKeys } from "../store/checked-table.ts";
import { type MessageKey, messageKeys } from "../store/message-table.ts";
import { DAMAGED, type KeyCodec, RecordCodec } from "../store/record-codec.ts";
import { metaKeys, TABLES, type TableName } from "../store/tables.ts";
import { number } from "./meta-page.ts";
import type { PageFile } from "./page-file.ts";
import { BIG, bigValueFault, type Node, type PageBounds, parseBigValue } from "./tree-page.ts";

/** A record with a valid checksum. */
export interface RawRecord {
  readonly table: TableName;
  readonly key: Buffer;
  readonly text: string;
}

const HEADER_BYTES = 24;
const codecs = new Map(TABLES.map((name) => [name as string, new RecordCodec(name, codecOf(name))]));

function codecOf(name: TableName): KeyCodec<never> {
  if (name === "messages") return messageKeys as KeyCodec<never>;
  if (name === "meta") return metaKeys as KeyCodec<never>;
  return (name === "channels" || name === "removed" ? channelKeys : byteKeys) as KeyCodec<never>;
}

/** Whether a table belongs to a log. */
export function isTable(name: string): name is TableName {
  return codecs.has(name);
}

/** The text of a table's node; `undefined` if its checksum is wrong. */
export function textOf(table: TableName, node: Node, file: PageFile, bounds: PageBounds): string | undefined {
  const codec = codecs.get(table);
  const value = bytesOfValue(node, file, bounds);
  if (codec === undefined || value === undefined) return undefined;
  codec.placeAt(node.key, 0, node.key.length);
  const text = codec.decode(value, value.length);
  return text === DAMAGED ? undefined : text;
}

/** The record in a node, of the table for which its checksum is valid. */
export function recordOf(node: Node, file: PageFile, bounds: PageBounds): RawRecord | undefined {
  for (const table of TABLES) {
    const text = textOf(table, node, file, bounds);
    if (text !== undefined) return { table, key: node.key, text };
  }
  return undefined;
}

function bytesOfValue(node: Node, file: PageFile, bounds: PageBounds): Buffer | undefined {
  if (node.flags !== BIG) return node.data;
  const big = parseBigValue(node, bounds);
  if (typeof big === "string" || bigValueFault(file.page(big.page), big, bounds) !== undefined)
    return undefined;
  return file.slice(number(node.data, 0) * bounds.pageSize + HEADER_BYTES, node.size);
}

/** Parse the key of a message. */
export function messageKeyOf(key: Buffer): MessageKey {
  return [key.readUIntBE(0, 6), key.readUIntBE(6, 6)];
}
