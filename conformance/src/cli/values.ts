import { InvalidArgumentError } from "commander";

/** A whole number of at least `least`. */
export function integerFrom(least: number): (text: string) => number {
  return (text) => {
    if (!/^\d{1,10}$/.test(text) || Number(text) < least)
      throw new InvalidArgumentError(`not a whole number from ${least}`);
    return Number(text);
  };
}

/** `90s`, `500ms` or `2m`, as milliseconds; a bare number is seconds. */
export function duration(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m)?$/.exec(text);
  if (!match) throw new InvalidArgumentError("not a duration: write 90s, 500ms or 2m");
  const unit = { ms: 1, s: 1_000, m: 60_000 }[match[2] ?? "s"] ?? 1_000;
  return Number(match[1]) * unit;
}

/** Collect an option that can be given several times. */
export function collect(text: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), text];
}
