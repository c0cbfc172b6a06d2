// Messages for tests.
import type { Log } from "@tidemark/log";
import type { RawDraft, RawMessage } from "@tidemark/protocol";

/** Drafts whose data are the numbers from `first` on. */
export function numbers(count: number, first = 0): RawDraft[] {
  return Array.from({ length: count }, (_, index) => ({ json: String(first + index) }));
}

/** All that a log has for a channel after `from`, by plain pages. */
export async function readAll(log: Log, channel: string, from = "start"): Promise<RawMessage[]> {
  const messages: RawMessage[] = [];
  for (let position = from; ; ) {
    const page = await log.read(channel, position, { maxMessages: 7 });
    messages.push(...page.messages);
    position = page.cursor;
    if (!page.more) return messages;
  }
}
