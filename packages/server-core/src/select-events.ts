import type { RawPage } from "@tidemark/protocol";

/**
 * What a request is to see of a page: the events that it keeps, at most `limit` of them. The page's cursor is where
 * reading goes on, past what the filter left out. Spec: core, CORE-FILTER-1.
 */
export function selectEvents(page: RawPage, events: readonly string[] | undefined, limit: number): RawPage {
  const kept = events
    ? page.messages.filter(({ event = "message" }) => events.includes(event))
    : page.messages;
  const last = kept[limit - 1];
  if (kept.length > limit && last)
    return { ...page, messages: kept.slice(0, limit), cursor: last.cursor, more: true, closed: false };
  return kept.length === page.messages.length ? page : { ...page, messages: kept };
}
