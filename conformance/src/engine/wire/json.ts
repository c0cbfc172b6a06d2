/** A number as its decimal text: `1e20` and `100000000000000000000` are equal, `1e21` is different. */
export class JsonNumber {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** A JSON value whose numbers keep their text; objects keep the order of their members. */
export type Json = null | boolean | string | JsonNumber | readonly Json[] | JsonObject;

/** A JSON object; if a name is repeated, the last value counts. */
export type JsonObject = ReadonlyMap<string, Json>;

interface Cursor {
  at: number;
  readonly text: string;
}

/** Parse a JSON text; undefined if it is invalid. Numbers are not rounded. */
export function parseJson(text: string): Json | undefined {
  const cursor = { at: 0, text };
  try {
    const value = readValue(cursor);
    skipSpace(cursor);
    return cursor.at === text.length ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined; // not JSON, or too deep
    throw error;
  }
}

function skipSpace(cursor: Cursor): void {
  while (" \t\r\n".includes(cursor.text.charAt(cursor.at)) && cursor.at < cursor.text.length) cursor.at += 1;
}

/** Match a sticky pattern at the cursor and advance. */
function take(cursor: Cursor, pattern: RegExp): string {
  pattern.lastIndex = cursor.at;
  const match = pattern.exec(cursor.text);
  if (!match) throw new SyntaxError(`unexpected character at ${cursor.at}`);
  cursor.at += match[0].length;
  return match[0];
}

function readValue(cursor: Cursor): Json {
  skipSpace(cursor);
  const first = cursor.text.charAt(cursor.at);
  if (first === "{") return readObject(cursor);
  if (first === "[") return readArray(cursor);
  if (first === '"') return readString(cursor);
  if (first === "t" || first === "f" || first === "n") {
    const word = take(cursor, /true|false|null/y);
    return word === "null" ? null : word === "true";
  }
  return new JsonNumber(take(cursor, /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y));
}

function readString(cursor: Cursor): string {
  return String(JSON.parse(take(cursor, /"(?:[^"\\]|\\.)*"/suy)));
}

function readArray(cursor: Cursor): Json[] {
  const items: Json[] = [];
  readList(cursor, "]", () => items.push(readValue(cursor)));
  return items;
}

function readObject(cursor: Cursor): JsonObject {
  const members = new Map<string, Json>();
  readList(cursor, "}", () => {
    const name = readString(cursor);
    skipSpace(cursor);
    take(cursor, /:/y);
    members.set(name, readValue(cursor));
  });
  return members;
}

function readList(cursor: Cursor, close: string, readItem: () => void): void {
  cursor.at += 1;
  skipSpace(cursor);
  if (cursor.text.charAt(cursor.at) === close) {
    cursor.at += 1;
    return;
  }
  for (;;) {
    skipSpace(cursor);
    readItem();
    skipSpace(cursor);
    const next = take(cursor, /[,\]}]/y);
    if (next === close) return;
    if (next !== ",") throw new SyntaxError(`unexpected ${next} at ${cursor.at}`);
  }
}

/** The decimal value of a number in a canonical form: digits without outer zeros, and a power of ten. */
function canonicalNumber(text: string): string {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text);
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = match ?? [];
  const digits = (whole + fraction).replace(/^0+/, "");
  const kept = digits.replace(/0+$/, "");
  if (kept === "") return "0";
  const power = BigInt(exponent) - BigInt(fraction.length) + BigInt(digits.length - kept.length);
  return `${sign}${kept}e${power}`;
}

/** Whether two JSON values are equal: numbers by decimal value, members in any order. */
export function jsonEqual(a: Json | undefined, b: Json | undefined): boolean {
  if (a instanceof JsonNumber && b instanceof JsonNumber)
    return canonicalNumber(a.text) === canonicalNumber(b.text);
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, index) => jsonEqual(item, b[index]));
  if (a instanceof Map && b instanceof Map)
    return a.size === b.size && [...a].every(([name, value]) => b.has(name) && jsonEqual(value, b.get(name)));
  return a === b;
}

/** The JSON text of a value, with its numbers as written. */
export function jsonText(value: Json | undefined): string {
  if (value === undefined) return "(nothing)";
  if (value instanceof JsonNumber) return value.text;
  if (Array.isArray(value)) return `[${value.map((item: Json) => jsonText(item)).join(",")}]`;
  if (value instanceof Map) {
    const members = [...value].map(
      ([name, item]: [string, Json]) => `${JSON.stringify(name)}:${jsonText(item)}`,
    );
    return `{${members.join(",")}}`;
  }
  return JSON.stringify(value);
}

/** A member of an object; undefined if the value is not an object or lacks the member. */
export function member(value: Json | undefined, name: string): Json | undefined {
  return value instanceof Map ? value.get(name) : undefined;
}
