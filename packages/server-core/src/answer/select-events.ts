import type { RawPage } from "@tidemark/protocol";

/**
 * The part of a page that a request gets: the events that pass its filter, at most `limit` of them. The cursor is where
 * reading continues, after the messages that the filter dropped. Spec: core, CORE-FILTER-1.
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
