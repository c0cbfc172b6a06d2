import type { CheckedTable } from "../store/checked-table.ts";
import type { Tables } from "../store/tables.ts";
import { messageKeyOf, type RawRecord } from "./raw-record.ts";

/** Put a record as found, unless its key exists. Returns whether it was put. Runs in a transaction. */
export function putRecord(tables: Tables, { table, key, text }: RawRecord): boolean {
  if (table === "meta") return putMeta(tables.meta, key.toString(), text);
  if (table === "messages") return putOnce(tables.messages, messageKeyOf(key), text);
  if (table === "channels" || table === "removed") return putOnce(tables[table], key.toString(), text);
  return putOnce(tables[table], key, text);
}

function putOnce<K>(table: CheckedTable<K>, key: K, text: string): boolean {
  if (table.peek(key) !== undefined) return false;
  table.put(key, text);
  return true;
}

/** The new file has its own format record. A recovered secret replaces the new file's secret. */
function putMeta(meta: CheckedTable<string>, key: string, text: string): boolean {
  if (key === "incarnations") meta.put(key, String(Math.max(Number(text), Number(meta.get(key) ?? 0))));
  else if (key === "secret") meta.put(key, text);
  else return key === "clock" && putOnce(meta, key, text);
  return true;
}
