import { type Channel, channelAt } from "../../../../engine/wire/channel.ts";

/** The channel of a history, and its sibling. */
export type Pair = readonly [Channel, Channel];

/** The greatest length that every server takes. */
const LONGEST_NAME = 64;

/** Endings of two names that a server could take for the same one. */
const ENDINGS: readonly (readonly [string, string])[] = [
  ["-a", "-A"],
  ["-a", "-A"],
  ["-a+b", "-a b"],
  ["-\u00e9", "-e\u0301"],
  ["-\ufb01", "-fi"],
  ["-a%b", "-a%25b"],
  ["-\u00e5", "-\u212b"],
];

/** Which names a history's channels have: an index of {@link ENDINGS}, or beyond them, long names. */
export type NameKind = number;

/** Names that every server takes. */
export const PLAIN: NameKind = 0;

/** How many kinds there are. */
export const NAME_KINDS: number = ENDINGS.length + 1;

/** Two channels with names of this kind. */
export function pairOf(template: string, base: string, kind: NameKind): Pair {
  const [one, other] = ENDINGS[kind] ?? [];
  if (one !== undefined && other !== undefined) return [at(template, base + one), at(template, base + other)];
  const long = `${base}-`.padEnd(LONGEST_NAME - 1, "-");
  return [at(template, `${long}a`), at(template, `${long}A`)];
}

/** In a path, a plus sign stands for itself; it is not escaped, because a server could take it for a space. */
function at(template: string, name: string): Channel {
  const { url } = channelAt(template, name);
  return { name, url: url.replace("%2B", "+") };
}
