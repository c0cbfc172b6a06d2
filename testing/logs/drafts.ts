// Messages for tests.
import type { Log } from "@tidemark/log";
import type { RawDraft, RawMessage } from "@tidemark/protocol";

/** Drafts whose data are consecutive numbers, starting with `first`. */
export function numbers(count: number, first = 0): RawDraft[] {
  return Array.from({ length: count }, (_, index) => ({ json: String(first + index) }));
}

/** All messages of a channel after `from`, read page by page. */
export async function readAll(log: Log, channel: string, from = "start"): Promise<RawMessage[]> {
  const messages: RawMessage[] = [];
  for (let position = from; ; ) {
    const page = await log.read(channel, position, { maxMessages: 7 });
    messages.push(...page.messages);
    position = page.cursor;
    if (!page.more) return messages;
  }
}
