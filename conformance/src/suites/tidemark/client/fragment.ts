import type { Random } from "../../../engine/run/context.ts";

/** How the bytes of a stream are split into chunks. */
export type Fragmentation = "whole" | "one" | "two" | "crlf" | "utf8" | "id" | "random";

/** Every fragmentation, in the order in which tests use them. */
export const FRAGMENTATIONS: readonly Fragmentation[] = [
  "whole",
  "one",
  "two",
  "crlf",
  "utf8",
  "id",
  "random",
];

const LF = 10;
const CR = 13;

/** Split bytes; `crlf` splits after each CR, `utf8` inside each character of several bytes, `id` inside each `id:`. */
export function fragment(bytes: Uint8Array, how: Fragmentation, random: Random): Uint8Array[] {
  if (how === "whole") return bytes.length === 0 ? [] : [bytes];
  const parts: Uint8Array[] = [];
  let begin = 0;
  for (let at = 1; at < bytes.length; at += 1) {
    if (!isSplit(bytes, at, at - begin, how, random)) continue;
    parts.push(bytes.subarray(begin, at));
    begin = at;
  }
  if (begin < bytes.length) parts.push(bytes.subarray(begin));
  return parts;
}

/** Whether a chunk that holds `held` bytes so far ends before the byte `at`. */
function isSplit(bytes: Uint8Array, at: number, held: number, how: Fragmentation, random: Random): boolean {
  if (how === "one") return true;
  if (how === "two") return held === 2;
  if (how === "crlf") return bytes[at - 1] === CR || (bytes[at] === LF && bytes[at - 1] === LF);
  if (how === "utf8") return ((bytes[at] ?? 0) & 0xc0) === 0x80;
  if (how === "id") return bytes[at] === 0x64 && bytes[at - 1] === 0x69; // between i and d
  return random() < 0.2;
}
