/** A byte that occurs exactly once in every message, and nowhere else in an answer, so counting is one search. */
export const MARK = "|".charCodeAt(0);

/** The number of characters of the time that follows {@link MARK}. */
const TIME_LENGTH = 16;

const PADDING = "-".repeat(150);

/** A message of about 200 bytes of JSON with its creation time. */
export function messageText(): string {
  const sent = performance.now().toFixed(4).padStart(TIME_LENGTH, "0");
  return `{"sent":"|${sent}","padding":"${PADDING}"}`;
}

/** How many messages the first `length` bytes contain. */
export function countMessages(bytes: Buffer, length: number): number {
  let count = 0;
  for (let at = bytes.indexOf(MARK); at !== -1 && at < length; at = bytes.indexOf(MARK, at + 1)) count += 1;
  return count;
}

/** Call `take` with the age in milliseconds of each message whose whole time is in the first `length` bytes. */
export function agesOf(bytes: Buffer, length: number, take: (ageMs: number) => void): void {
  const now = performance.now();
  for (let at = bytes.indexOf(MARK); at !== -1 && at < length; at = bytes.indexOf(MARK, at + 1)) {
    const end = at + 1 + TIME_LENGTH;
    if (end <= length) take(now - Number(bytes.toString("latin1", at + 1, end)));
  }
}
