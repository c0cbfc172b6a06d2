import { open } from "lmdb";

/** lmdb alone, doing what an append and a read come down to: no cursors, no checks, no retention. */
export interface Bare {
  /** One transaction: look at the channel's row, put the messages, put the row. */
  append(texts: readonly string[]): Promise<void>;
  /** Look at the row, and take the texts behind a place. */
  read(from: number, limit: number): string[];
  close(): Promise<void>;
}

export function openBare(directory: string, durability: "process" | "disk"): Bare {
  const sync = durability === "disk" ? { overlappingSync: false } : {};
  const root = open<string, string>(directory, { encoding: "string", noSubdir: false, ...sync });
  const rows = root.openDB<string, string>("rows", { encoding: "string" });
  const messages = root.openDB<string, number>("messages", { encoding: "string" });
  return {
    async append(texts) {
      await root.childTransaction(() => {
        let end = Number(rows.get("channel") ?? 0);
        for (const text of texts) messages.putSync(++end, text);
        rows.putSync("channel", String(end));
      });
    },
    read(from, limit) {
      const end = Number(rows.get("channel") ?? 0);
      const texts: string[] = [];
      for (const { value } of messages.getRange({ start: from + 1, end: end + 1, limit })) texts.push(value);
      return texts;
    },
    close: () => root.close(),
  };
}
