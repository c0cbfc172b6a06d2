import type { Cursor } from "@tidemark/protocol";

/** So many cursors are remembered at most; the oldest is forgotten first. */
const MAX_LOST = 100;

const lost = new Set<string>();

const keyOf = ({ origin, pathname }: URL, cursor: Cursor): string => `${origin}${pathname} ${cursor}`;

/** The application was told that the channel cannot be read on from this cursor, which is still in a store. */
export function rememberLost(url: URL, cursor: Cursor): void {
  if (lost.size >= MAX_LOST) for (const oldest of [...lost].slice(0, 1)) lost.delete(oldest);
  lost.add(keyOf(url, cursor));
}

/** Whether the application was told, so that what it says now counts more than the store. */
export function isLost(url: URL, cursor: Cursor): boolean {
  return lost.has(keyOf(url, cursor));
}
