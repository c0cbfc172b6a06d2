/**
 * Where to ask again when a redirect dropped part of the query, since without its cursor a read would silently begin
 * anew; undefined if nothing was dropped.
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
