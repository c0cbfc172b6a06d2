import type { StreamEvent } from "./stream.ts";

/**
 * The events of a reader without those that only carry the id of another event: a snapshot that each reader gets first,
 * with the newest id, and the mark behind a history. Their names tell them from the feed's own events.
 */
export function withoutSharedIds(
  events: readonly StreamEvent[],
  witness: readonly StreamEvent[],
): readonly StreamEvent[] {
  const begun = lengthOfFirstUnit(witness);
  const names = new Set(witness.slice(begun).map(({ event }) => event));
  if (names.size === 0 || events.every(({ event }) => names.has(event))) return events;
  if (events === witness) return events.filter(({ event }, index) => index >= begun || names.has(event));
  const data = new Map(witness.slice(begun).map((event) => [event.id, event.data]));
  const begunHere = lengthOfFirstUnit(events);
  return events.filter((event, index) => {
    const shares = index < begunHere || events[index - 1]?.id === event.id;
    return !shares || names.has(event.event) || data.get(event.id) === event.data;
  });
}

/** How many events at the beginning have the first one's id. */
function lengthOfFirstUnit(events: readonly StreamEvent[]): number {
  const length = events.findIndex(({ id }) => id !== events[0]?.id);
  return length === -1 ? events.length : length;
}
