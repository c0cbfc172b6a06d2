import type { Fault } from "../../generated/validate.js";
import type { SourceFile } from "./source-file.ts";

/** One line for each fault that a validator found: its place, its key, what is wrong, and what is allowed. */
export function faultLines(file: SourceFile, faults: readonly Fault[]): string[] {
  const lines = faults.map((fault) => {
    const path = pathOf(fault.instancePath);
    // Whatever is in the place of a header's value may be a secret, so do not print it.
    const secret = path.includes("headers");
    const { key, text } = explain(secret ? { ...fault, data: undefined } : fault);
    const name = [...path, ...(key === undefined ? [] : [key])].join(".");
    return `${file.place(path, key)}: ${name === "" ? "" : `${name}: `}${text}`;
  });
  return [...new Set(lines)];
}

/** The steps of a JSON Pointer. */
function pathOf(pointer: string): string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
}

interface Explanation {
  /** The faulty member, below the fault's own place. */
  readonly key?: string;
  readonly text: string;
}

function explain(fault: Fault): Explanation {
  const { keyword, params, parentSchema = {}, data } = fault;
  const members = Object.keys((parentSchema.properties as object | undefined) ?? {});
  if (keyword === "additionalProperties") {
    const key = String(params.additionalProperty);
    return { key, text: `unknown key${nearest(key, members)}; allowed here: ${members.join(", ")}` };
  }
  if (keyword === "required") return { key: String(params.missingProperty), text: "is missing" };
  if (keyword === "enum" || keyword === "const") {
    const allowed = (keyword === "enum" ? params.allowedValues : [params.allowedValue]) as unknown[];
    return { text: `${shown(data)} is not allowed; allowed: ${allowed.map(shown).join(", ")}` };
  }
  if (keyword === "type")
    return { text: `${shown(data)} is not allowed; allowed: ${typeName(params.type)}${about(parentSchema)}` };
  if (keyword === "minProperties" || keyword === "maxProperties")
    return {
      text: `has ${Object.keys((data as object | undefined) ?? {}).length} keys; allowed: ${countName(parentSchema)} of ${members.join(", ")}`,
    };
  return {
    text: `${shown(data)} is not allowed; allowed: ${descriptionOf(parentSchema) ?? fault.message ?? keyword}`,
  };
}

function countName({ minProperties, maxProperties }: Readonly<Record<string, unknown>>): string {
  return minProperties === maxProperties ? "exactly one" : "one or more";
}

function about(schema: Readonly<Record<string, unknown>>): string {
  const description = descriptionOf(schema);
  return description === undefined ? "" : ` (${description})`;
}

/** The first sentence of a schema's description. */
function descriptionOf({ description }: Readonly<Record<string, unknown>>): string | undefined {
  return typeof description === "string" ? description.replace(/\.(?:\s.*)?$/s, "") : undefined;
}

function typeName(type: unknown): string {
  const names: Readonly<Record<string, string>> = {
    object: "a mapping",
    array: "a list",
    string: "text",
    boolean: "true or false",
    integer: "a whole number",
  };
  return names[String(type)] ?? String(type);
}

function shown(value: unknown): string {
  if (value === undefined) return "this";
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/** ` (did you mean url?)` if a known key is at most two letters away. */
function nearest(key: string, members: readonly string[]): string {
  const close = members.find((member) => distance(key.toLowerCase(), member) <= 2);
  return close === undefined ? "" : ` (did you mean ${close}?)`;
}

/** The Levenshtein distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, swap));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
