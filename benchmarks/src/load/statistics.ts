/** The median of some values. */
export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/** The value below which the fraction `part` of them lies, interpolated; NaN without values. */
export function percentile(values: readonly number[], part: number): number {
  const sorted = Float64Array.from(values).sort();
  const at = (sorted.length - 1) * part;
  const low = sorted[Math.floor(at)] ?? Number.NaN;
  const high = sorted[Math.ceil(at)] ?? Number.NaN;
  return low + (high - low) * (at - Math.floor(at));
}
