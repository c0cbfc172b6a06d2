/** Set an entry. If there are more than `max`, drop the oldest: an entry that is used often is soon set again. */
export function keepNewest<Key, Value>(entries: Map<Key, Value>, max: number, key: Key, value: Value): void {
  entries.set(key, value);
  if (entries.size <= max) return;
  for (const oldest of entries.keys()) {
    entries.delete(oldest);
    return;
  }
}
