/** A bare item (RFC 9651); the kinds that the protocol does not use have no value. */
export type StructuredItem =
  | { readonly type: "integer"; readonly value: number }
  | { readonly type: "boolean"; readonly value: boolean }
  | { readonly type: "token" | "string"; readonly value: string }
  | { readonly type: "other" };

/** A member's value: an item or an inner list, without its parameters. */
export type StructuredValue =
  | StructuredItem
  | { readonly type: "list"; readonly items: readonly StructuredItem[] };

/** The rest of the input; every step consumes its token from the front. */
interface Input {
  rest: string;
}

const KEY = /^[a-z*][a-z0-9_\-.*]*/;
const OWS = /^[ \t]*/;
const SP = /^ */;
const ITEMS: readonly [RegExp, (text: string) => StructuredItem][] = [
  [/^-?\d{1,12}\.\d{1,3}(?![\d.])/, () => ({ type: "other" })],
  [/^-?\d{1,15}(?![\d.])/, (text) => ({ type: "integer", value: Number(text) })],
  [/^\?[01]/, (text) => ({ type: "boolean", value: text === "?1" })],
  [/^[A-Za-z*][!#$%&'*+\-.^_`|~0-9A-Za-z:/]*/, (text) => ({ type: "token", value: text })],
  [/^"(?:[ !#-[\]-~]|\\["\\])*"/, (text) => ({ type: "string", value: unquote(text) })],
  [/^:[A-Za-z0-9+/=]*:/, () => ({ type: "other" })],
  [/^@-?\d{1,15}(?![\d.])/, () => ({ type: "other" })],
  [/^%"(?:[ !#$&-~]|%[0-9a-f]{2})*"/, () => ({ type: "other" })],
];

/** Parse a dictionary (RFC 9651, 4.2.2); undefined if invalid. If a key repeats, the last value counts. */
export function parseDictionary(field: string): ReadonlyMap<string, StructuredValue> | undefined {
  const input: Input = { rest: field.replace(/^ +| +$/g, "") };
  const members = new Map<string, StructuredValue>();
  while (input.rest !== "") {
    const key = take(input, KEY);
    const value = key === undefined ? undefined : readMember(input);
    if (key === undefined || value === undefined) return undefined;
    members.delete(key);
    members.set(key, value);
    take(input, OWS);
    if (input.rest === "") break;
    if (take(input, /^,[ \t]*/) === undefined || input.rest === "") return undefined;
  }
  return members;
}

function readMember(input: Input): StructuredValue | undefined {
  const value: StructuredValue | undefined =
    take(input, /^=/) === undefined ? { type: "boolean", value: true } : readItemOrList(input);
  return value !== undefined && skipParameters(input) ? value : undefined;
}

function readItemOrList(input: Input): StructuredValue | undefined {
  if (take(input, /^\( */) === undefined) return readItem(input);
  const items: StructuredItem[] = [];
  while (take(input, /^\)/) === undefined) {
    const item = readItem(input);
    if (item === undefined || !skipParameters(input)) return undefined;
    items.push(item);
    if (take(input, SP) === "" && !input.rest.startsWith(")")) return undefined;
  }
  return { type: "list", items };
}

function readItem(input: Input): StructuredItem | undefined {
  for (const [pattern, make] of ITEMS) {
    const text = take(input, pattern);
    if (text !== undefined) return make(text);
  }
  return undefined;
}

/** Skip `;key` and `;key=item`; false if the text after a semicolon is neither. */
function skipParameters(input: Input): boolean {
  while (take(input, /^; */) !== undefined) {
    if (take(input, KEY) === undefined) return false;
    if (take(input, /^=/) !== undefined && readItem(input) === undefined) return false;
  }
  return true;
}

/** Consume what the pattern matches at the front; undefined if it does not match. */
function take(input: Input, pattern: RegExp): string | undefined {
  const text = pattern.exec(input.rest)?.[0];
  if (text !== undefined) input.rest = input.rest.slice(text.length);
  return text;
}

function unquote(text: string): string {
  return text.slice(1, -1).replace(/\\(.)/g, "$1");
}
