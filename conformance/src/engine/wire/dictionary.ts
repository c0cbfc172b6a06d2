/** A bare item (RFC 9651) of the types that Tidemark uses; tokens have a class, to differ from strings. */
export type BareItem = number | boolean | string | Token;

/** A token (RFC 9651). */
export class Token {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** A dictionary (RFC 9651) without its parameters. */
export type Dictionary = ReadonlyMap<string, BareItem | readonly BareItem[]>;

interface Input {
  rest: string;
}

/** Parse a dictionary by the algorithm of RFC 9651, section 4.2.2; undefined if the field is malformed. */
export function parseDictionary(field: string): Dictionary | undefined {
  const input = { rest: field.replace(/^ +| +$/g, "") };
  const members = new Map<string, BareItem | readonly BareItem[]>();
  while (input.rest !== "") {
    const key = take(input, /^[a-z*][a-z0-9_.*-]*/);
    if (key === undefined) return undefined;
    const value = take(input, /^=/) === undefined ? true : readMember(input);
    if (value === undefined || !skipParameters(input)) return undefined;
    members.delete(key); // a repeated key takes the position of its last occurrence
    members.set(key, value);
    if (input.rest.trim() === "") return members;
    if (take(input, /^[ \t]*,[ \t]*/) === undefined || input.rest === "") return undefined;
  }
  return members;
}

function take(input: Input, pattern: RegExp): string | undefined {
  const match = pattern.exec(input.rest);
  if (!match) return undefined;
  input.rest = input.rest.slice(match[0].length);
  return match[0];
}

function readMember(input: Input): BareItem | readonly BareItem[] | undefined {
  if (take(input, /^\(/) === undefined) return readItem(input);
  const items: BareItem[] = [];
  for (;;) {
    take(input, /^ +/);
    if (take(input, /^\)/) !== undefined) return items;
    const item = readItem(input);
    if (item === undefined || !skipParameters(input) || !/^[ )]/.test(input.rest)) return undefined;
    items.push(item);
  }
}

function readItem(input: Input): BareItem | undefined {
  const string = take(input, /^"(?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*"/);
  if (string !== undefined) return string.slice(1, -1).replace(/\\(["\\])/g, "$1");
  const number = take(input, /^-?\d{1,15}(?:\.\d{1,3})?/);
  if (number !== undefined) return Number(number);
  const truth = take(input, /^\?[01]/);
  if (truth !== undefined) return truth === "?1";
  const bytes = take(input, /^:[A-Za-z0-9+/=]*:|^@-?\d{1,15}/);
  if (bytes !== undefined) return bytes;
  const token = take(input, /^[A-Za-z*][A-Za-z0-9!#$%&'*+.^_`|~:/-]*/);
  return token === undefined ? undefined : new Token(token);
}

function skipParameters(input: Input): boolean {
  while (take(input, /^; */) !== undefined) {
    if (take(input, /^[a-z*][a-z0-9_.*-]*/) === undefined) return false;
    if (take(input, /^=/) !== undefined && readItem(input) === undefined) return false;
  }
  return true;
}
