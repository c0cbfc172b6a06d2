import { parse } from "yaml";
import type { Value } from "./kinds.ts";
import { propertyOf, type Setting, variableOf } from "./setting.ts";

/** Where settings come from. A flag wins over a variable, a variable over the file. */
export interface SettingSources {
  /** The flags as commander read them, by property. */
  readonly flags: Readonly<Record<string, unknown>>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The file, if one is used. */
  readonly file: { readonly name: string; readonly text: string } | undefined;
}

/** A setting with its value. */
export interface Resolved {
  readonly setting: Setting;
  /** Undefined if it is set nowhere and has no preset. */
  readonly value: Value | readonly Value[] | undefined;
  /** Where it was set; undefined for a preset. */
  readonly source: string | undefined;
}

/** A value as it was found. */
interface Found {
  readonly raw: unknown;
  readonly source: string;
}

/**
 * Find each setting in the first place that has it, and check the values.
 * @throws Error with one line for each invalid value, which names the place where it was set
 */
export function resolveSettings(all: readonly Setting[], sources: SettingSources): readonly Resolved[] {
  const faults: string[] = [];
  const keys = readFile(sources.file, all, faults);
  const resolved = all.map((setting): Resolved => {
    const found = find(setting, sources, keys);
    if (found === undefined) return { setting, value: setting.preset, source: undefined };
    try {
      return { setting, value: readValue(setting, found.raw), source: found.source };
    } catch (error) {
      faults.push(`${found.source}: ${error instanceof Error ? error.message : error}`);
      return { setting, value: undefined, source: found.source };
    }
  });
  faults.push(...misspelled(all, sources.env));
  if (faults.length > 0) throw new Error(faults.join("\n          "));
  return resolved;
}

/** The settings as one object, by property. */
export function settingsObject(resolved: readonly Resolved[]): Record<string, unknown> {
  return Object.fromEntries(
    resolved.flatMap(({ setting, value }) => (value === undefined ? [] : [[propertyOf(setting), value]])),
  );
}

function find(
  setting: Setting,
  { flags, env, file }: SettingSources,
  keys: Readonly<Record<string, unknown>>,
): Found | undefined {
  const { name, kind } = setting;
  const flag = flags[propertyOf(setting)];
  if (flag !== undefined) return { raw: flag, source: `--${flag === false ? "no-" : ""}${name}` };
  const variable = variableOf(setting);
  const text = env[variable];
  if (text !== undefined) {
    const raw = kind.isList ? text.split(/\s+/).filter(Boolean) : text;
    return { raw, source: variable };
  }
  const value = keys[name];
  return value === undefined || value === null ? undefined : { raw: value, source: `${file?.name}, ${name}` };
}

function readValue({ kind, check }: Setting, raw: unknown): Value | readonly Value[] {
  const values = [raw].flat().map((each) => kind.parse(textOf(each)));
  const [first] = values;
  if (kind.isList) {
    check?.(values);
    return values;
  }
  if (first === undefined || values.length > 1) throw new RangeError("expected one value, not a list");
  check?.(first);
  return first;
}

function textOf(value: unknown): string {
  if (["string", "number", "boolean"].includes(typeof value)) return String(value);
  throw new RangeError(`expected a text, a number, true or false, not ${JSON.stringify(value)}`);
}

function readFile(
  file: SettingSources["file"],
  all: readonly Setting[],
  faults: string[],
): Readonly<Record<string, unknown>> {
  if (file === undefined) return {};
  let keys: unknown;
  try {
    keys = parse(file.text) ?? {};
  } catch (error) {
    faults.push(`${file.name}: ${error instanceof Error ? error.message : error}`);
    return {};
  }
  if (typeof keys !== "object" || keys === null || Array.isArray(keys)) {
    faults.push(`${file.name}: expected one setting per line, for example port: 3000`);
    return {};
  }
  const known = new Set(all.map(({ name }) => name));
  for (const key of Object.keys(keys))
    if (!known.has(key))
      faults.push(`${file.name}, ${key}: there is no such setting${didYouMean(key, [...known])}`);
  return keys as Readonly<Record<string, unknown>>;
}

/** Variables that are a setting but for a typing error. Others that begin like ours can belong to other programs. */
function misspelled(all: readonly Setting[], env: SettingSources["env"]): string[] {
  const known = all.map(variableOf);
  return Object.keys(env)
    .filter((name) => name.startsWith("TIDEMARK_") && !known.includes(name))
    .flatMap((name) => {
      const hint = didYouMean(name, known);
      return hint === "" ? [] : [`${name}: there is no such setting${hint}`];
    });
}

/** The most letters in which a word may differ from the one that was meant. */
const MOST_ERRORS = 2;

function didYouMean(word: string, known: readonly string[]): string {
  const [best] = known
    .map((name) => ({ name, errors: distance(word, name) }))
    .sort((a, b) => a.errors - b.errors);
  return best !== undefined && best.errors <= MOST_ERRORS ? `. Did you mean ${best.name}?` : "";
}

/** The fewest letters to add, drop or replace (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries())
      next.push(
        Math.min((row[j] ?? 0) + (letter === other ? 0 : 1), (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1),
      );
    row = next;
  }
  return row.at(-1) ?? 0;
}
