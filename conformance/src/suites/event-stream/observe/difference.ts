/** How the events of one reader differ from those of another that was there before: nothing in common is `apart`. */
export function firstDifference(ours: readonly string[], theirs: readonly string[]): string | undefined {
  const known = new Set(ours);
  const greeting = lengthOfGreeting(ours, theirs);
  const start = theirs.findIndex((data, index) => index >= greeting && known.has(data)); // before: a greeting
  if (start === -1) return greeting > 0 ? undefined : "apart";
  const common = theirs.slice(start);
  const candidates = ours.flatMap((data, index) => (data === common[0] ? [index] : []));
  const faults = candidates.map((at) =>
    common.findIndex((data, n) => ours[at + n] !== undefined && data !== ours[at + n]),
  );
  if (faults.includes(-1)) return undefined;
  const at = Math.max(...faults);
  const from = candidates[faults.indexOf(at)] ?? 0;
  const shown = (data: string | undefined): string => JSON.stringify((data ?? "").slice(0, 80));
  return `${shown(common[at])} where the first got ${shown(ours[from + at])}`;
}

/** With how many of the same events both streams begin: each reader is greeted. */
function lengthOfGreeting(ours: readonly string[], theirs: readonly string[]): number {
  const length = theirs.slice(0, MAX_GREETING + 1).findIndex((data, index) => data !== ours[index]);
  return length === -1 ? 0 : length;
}

const MAX_GREETING = 3;
