import type { Cursor } from "@tidemark/protocol";

/** The most cursors to remember; the oldest is dropped first. */
const MAX_LOST = 100;

const lost = new Set<string>();

const keyOf = ({ origin, pathname }: URL, cursor: Cursor): string => `${origin}${pathname} ${cursor}`;

/** Remember a stored cursor whose gap the application knows: the channel cannot be resumed there. */
export function rememberLost(url: URL, cursor: Cursor): void {
  if (lost.size >= MAX_LOST) for (const oldest of [...lost].slice(0, 1)) lost.delete(oldest);
  lost.add(keyOf(url, cursor));
}

/** Whether the application knows of this cursor's gap; its `after` then overrides the store. */
export function isLost(url: URL, cursor: Cursor): boolean {
  return lost.has(keyOf(url, cursor));
}
