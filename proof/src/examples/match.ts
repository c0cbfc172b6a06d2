/** What stands for the names in braces: each keeps what it stood for first. */
export type Names = Map<string, string>;

const PLACE = /\{(\*|[a-z]\d+)\}/g;

/** A value of JSON. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** JSON in which a name in braces can stand for a number. */
export function parsePattern(text: string): Json {
  return JSON.parse(text.replace(/(?<=[:[,]\s*)\{[a-z]\d+\}/g, (place) => JSON.stringify(place)));
}

/** The text with what is known in place of the names. */
export function fill(text: string, names: Names): string {
  return text.replace(PLACE, (place, name: string) => names.get(name) ?? place);
}

/** What differs between a pattern and an actual text, or undefined; new names take what they stand for. */
export function differenceOfText(pattern: string, actual: string, names: Names): string | undefined {
  const places = [...pattern.matchAll(PLACE)].map((match) => match[1] ?? "");
  const fixed = pattern.split(PLACE).filter((_, index) => index % 2 === 0);
  const found = new RegExp(`^${fixed.map(literal).join("([^]+?)")}$`).exec(actual);
  if (!found) return `${JSON.stringify(actual)} is not ${pattern}`;
  for (const [index, name] of places.entries()) {
    const text = found[index + 1] ?? "";
    const fault = bind(name, text, names);
    if (fault) return fault;
  }
  return undefined;
}

function bind(name: string, text: string, names: Names): string | undefined {
  if (name === "*") return undefined;
  const known = names.get(name);
  if (known !== undefined) return known === text ? undefined : `{${name}} was ${known}, and is ${text}`;
  const twin = [...names].find(([other, value]) => other[0] === "c" && name[0] === "c" && value === text);
  if (twin) return `{${name}} is ${text}, which is {${twin[0]}}`;
  names.set(name, text);
  return undefined;
}

/** Members that an answer can have though the example does not show them. */
const FREE = ["detail", "retry"];

/** What differs between two values of JSON, compared by value. */
export function differenceOfJson(pattern: Json, actual: Json | undefined, names: Names): string | undefined {
  if (typeof pattern === "string" && (typeof actual === "string" || typeof actual === "number"))
    return differenceOfText(pattern, String(actual), names);
  if (typeof pattern !== "object" || pattern === null || typeof actual !== "object" || actual === null)
    return pattern === actual ? undefined : `${JSON.stringify(actual)} is not ${JSON.stringify(pattern)}`;
  if (Array.isArray(pattern) !== Array.isArray(actual)) return "an array in place of an object";
  const shown = new Map(Object.entries(pattern));
  const found = new Map(Object.entries(actual));
  const extra = [...found.keys()].filter((key) => !shown.has(key) && !FREE.includes(key));
  if (extra.length > 0) return `the members ${extra.join()} are not in the example`;
  for (const [key, value] of shown) {
    const fault = differenceOfJson(value, found.get(key), names);
    if (fault) return `${key}: ${fault}`;
  }
  return undefined;
}

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
