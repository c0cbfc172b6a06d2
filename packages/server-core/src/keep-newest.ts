/** Set an entry; of more than `max` the oldest makes room: what is asked often comes back at once. */
export function keepNewest<Key, Value>(entries: Map<Key, Value>, max: number, key: Key, value: Value): void {
  entries.set(key, value);
  if (entries.size <= max) return;
  for (const oldest of entries.keys()) {
    entries.delete(oldest);
    return;
  }
}
