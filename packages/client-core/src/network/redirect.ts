/**
 * The redirect's target with the dropped query parameters restored; undefined if none was dropped. Without
 * its cursor, a read would silently start over.
 */
export function restoreQuery(asked: URL, answered: string): URL | undefined {
  const target = new URL(answered);
  let restored: URL | undefined;
  for (const [name, value] of asked.searchParams) {
    if (target.searchParams.get(name) === value) continue;
    target.searchParams.set(name, value);
    restored = target;
  }
  return restored;
}
