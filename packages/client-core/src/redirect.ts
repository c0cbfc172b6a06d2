/**
 * Where to ask again when a redirect dropped part of the query, since without its cursor a read would silently begin
 * anew; undefined if nothing was dropped.
 */
export function restoreQuery(asked: URL, answered: string): URL | undefined {
  const target = new URL(answered);
  const missing = [...asked.searchParams].filter(([name, value]) => target.searchParams.get(name) !== value);
  if (missing.length === 0) return undefined;
  for (const [name, value] of missing) target.searchParams.set(name, value);
  return target;
}
