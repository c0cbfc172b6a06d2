import type { RawMessage } from "@tidemark/protocol";
import { cursorAfter } from "./message-id.ts";

/** The messages of what the read script tells: a line with the id and perhaps the event of each, and the data of each. */
export function messagesOf(heads: string, data: readonly string[], epoch: string): RawMessage[] {
  const lines = heads.split("\n");
  return data.map((json, i) => {
    const head = lines[i] ?? "";
    const space = head.indexOf(" ");
    if (space < 0) return { cursor: cursorAfter(epoch, head), json };
    return { cursor: cursorAfter(epoch, head.slice(0, space)), event: head.slice(space + 1), json };
  });
}
