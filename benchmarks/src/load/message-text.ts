/** One byte that stands in every message exactly once, and nowhere else in an answer: so counting is one search. */
export const MARK = "|".charCodeAt(0);

/** The characters of the time that follows {@link MARK}. */
const TIME_LENGTH = 16;

const PADDING = "-".repeat(150);

/** A message of some 200 bytes of JSON that carries the time it was made at. */
export function messageText(): string {
  const sent = performance.now().toFixed(4).padStart(TIME_LENGTH, "0");
  return `{"sent":"|${sent}","padding":"${PADDING}"}`;
}

/** How many messages stand in the first `length` bytes. */
export function countMessages(bytes: Buffer, length: number): number {
  let count = 0;
  for (let at = bytes.indexOf(MARK); at !== -1 && at < length; at = bytes.indexOf(MARK, at + 1)) count += 1;
  return count;
}

/** Give `take` the age in milliseconds of each message whose time stands whole in the first `length` bytes. */
export function agesOf(bytes: Buffer, length: number, take: (ageMs: number) => void): void {
  const now = performance.now();
  for (let at = bytes.indexOf(MARK); at !== -1 && at < length; at = bytes.indexOf(MARK, at + 1)) {
    const end = at + 1 + TIME_LENGTH;
    if (end <= length) take(now - Number(bytes.toString("latin1", at + 1, end)));
  }
}
