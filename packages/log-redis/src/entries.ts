import type { RawMessage } from "@tidemark/protocol";
import { cursorAfter } from "./message-id.ts";

/** Parse the read script's answer: `heads` has a line with the id and optional event of each message. */
export function messagesOf(heads: string, data: readonly string[], epoch: string): RawMessage[] {
  const lines = heads.split("\n");
  return data.map((json, i) => {
    const head = lines[i] ?? "";
    const space = head.indexOf(" ");
    if (space < 0) return { cursor: cursorAfter(epoch, head), json };
    return { cursor: cursorAfter(epoch, head.slice(0, space)), event: head.slice(space + 1), json };
  });
}
