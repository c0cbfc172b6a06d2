/** How the bytes before a cut are split into chunks. */
export type Split = "whole" | "one" | "two" | "utf8" | "random";

/** Every split. */
export const SPLITS: readonly Split[] = ["whole", "one", "two", "utf8", "random"];

/** Bytes in pieces: whole, single bytes, pairs, split inside each non-ASCII character, or split at random. */
export function pieces(bytes: Buffer, split: Split): Buffer[] {
  const cuts = [...bytes.keys()].filter((at) => {
    if (split === "one") return true;
    if (split === "two") return at % 2 === 0;
    if (split === "utf8") return ((bytes[at] ?? 0) & 0xc0) === 0x80;
    return split === "random" && Math.random() < 0.2;
  });
  return [0, ...cuts].map((at, index, all) => bytes.subarray(at, all[index + 1] ?? bytes.length));
}
