import { open } from "lmdb";
import type { Bare } from "../../log/bench/questions.ts";

/**
 * Bare lmdb. An append is one transaction that reads the channel's row and puts the messages and the row; a
 * page is that row and a range.
 */
export function openBare(
  directory: string,
  durability: "process" | "disk",
): Bare & { close(): Promise<void> } {
  const sync = durability === "disk" ? { overlappingSync: false } : {};
  const root = open<string, string>(directory, { encoding: "string", noSubdir: false, ...sync });
  const rows = root.openDB<string, string>("rows", { encoding: "string" });
  const messages = root.openDB<string, [string, number]>("messages", { encoding: "string" });
  return {
    async append(channel, texts) {
      await root.childTransaction(() => {
        let end = Number(rows.get(channel) ?? 0);
        for (const text of texts) messages.putSync([channel, ++end], text);
        rows.putSync(channel, String(end));
      });
    },
    async read(channel, from, limit) {
      const end = Number(rows.get(channel) ?? 0);
      const texts: string[] = [];
      const range = { start: [channel, from + 1], end: [channel, end + 1], limit } as const;
      for (const { value } of messages.getRange({ ...range, start: [...range.start], end: [...range.end] }))
        texts.push(value);
      return texts;
    },
    close: () => root.close(),
  };
}
