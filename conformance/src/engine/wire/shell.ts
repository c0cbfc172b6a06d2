/** The pieces of a shell word: literal text, or the value of a variable. */
export type Word = readonly (string | { readonly variable: string })[];

/** Characters that need no quotes in any shell. */
const PLAIN = /^[A-Za-z0-9_./:@%+,=-]+$/;

/** Quote text so that `sh` passes it on unchanged. */
export function quote(text: string): string {
  if (PLAIN.test(text)) return text;
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Quote a word; its variables are expanded, but not split. */
export function quoteWord(word: Word): string {
  const pieces = joined(word);
  if (pieces.length === 0) return "''";
  return pieces.map((piece) => (typeof piece === "string" ? quote(piece) : `"$${piece.variable}"`)).join("");
}

/** Merge adjacent texts, so that they are quoted together. */
function joined(word: Word): Word {
  const pieces: (string | { readonly variable: string })[] = [];
  for (const piece of word) {
    const last = pieces.at(-1);
    if (piece === "") continue;
    if (typeof piece === "string" && typeof last === "string") pieces[pieces.length - 1] = last + piece;
    else pieces.push(piece);
  }
  return pieces;
}

/** Replace every occurrence of a key of `variables` by its variable. */
export function substitute(text: string, variables: ReadonlyMap<string, string>): Word {
  let word: Word = [text];
  for (const [value, variable] of variables)
    word = word.flatMap((piece) =>
      typeof piece === "string" ? intersperse(piece.split(value), { variable }) : [piece],
    );
  return word;
}

function intersperse<T, S>(items: readonly T[], separator: S): (T | S)[] {
  return items.flatMap((item, index) => (index === 0 ? [item] : [separator, item]));
}

/** The `printf` argument that prints these bytes. */
export function printfFormat(bytes: Uint8Array): string {
  const shown = [...bytes].map((byte) =>
    byte >= 0x20 && byte < 0x7f && byte !== 0x25 && byte !== 0x5c
      ? String.fromCharCode(byte)
      : `\\${byte.toString(8).padStart(3, "0")}`,
  );
  return quote(shown.join(""));
}
