import { InvalidArgumentError } from "commander";
import { parseDuration } from "../engine/config/duration.ts";

/** Parse a whole number of at least `least`. */
export function integerFrom(least: number): (text: string) => number {
  return (text) => {
    if (!/^\d{1,10}$/.test(text) || Number(text) < least)
      throw new InvalidArgumentError(`not a whole number of ${least} or more`);
    return Number(text);
  };
}

/** Parse `90s`, `500ms` or `2m` into milliseconds; a bare number is seconds. */
export function duration(text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined) throw new InvalidArgumentError("not a duration: write 90s, 500ms or 2m");
  return ms;
}

/** Collect the values of a repeatable option. */
export function collect(text: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), text];
}
