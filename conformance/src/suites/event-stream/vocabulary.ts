import { readdirSync, readFileSync } from "node:fs";
import { member, parseJson } from "../../engine/wire/json.ts";
import type { StreamEvent } from "./observe/stream.ts";

/** Which events a rule means: all that are given have to match. */
export interface EventRule {
  /** The event's name, as a regular expression for the whole of it. */
  readonly event?: string;
  /** The data as text, as a regular expression for the whole of it. */
  readonly data?: string;
  /** A member of the data's JSON, by its path; `is` is a regular expression for its text. */
  readonly json?: string;
  readonly is?: string;
}

/** What the events of a protocol mean. Each one is data: a file in `vocabularies`. */
export interface Vocabulary {
  readonly name: string;
  /** The public document that it is taken from. */
  readonly source: string;
  /** The stream is of this vocabulary if its first events match one of these. */
  readonly guess: readonly EventRule[];
  /** Whether a stream of it always ends by itself. */
  readonly finite: boolean;
  readonly terminal: readonly EventRule[];
  /** Events that say that the content is complete, before the terminal event; none: the vocabulary has no such events. */
  readonly finished?: readonly EventRule[];
  /** Failures that are reported in band. */
  readonly errors: readonly EventRule[];
  /** Events that only show that the stream is alive, or say where it begins. */
  readonly pings: readonly EventRule[];
  /** Rules that every other event has to match one of; none: any event is fine. */
  readonly frames: readonly EventRule[];
  /** Recorded streams, for the tests of this data. */
  readonly samples: readonly string[];
}

const FOLDER = new URL("../../../vocabularies/", import.meta.url);

/** Every vocabulary of the package, by name. */
export function loadVocabularies(): ReadonlyMap<string, Vocabulary> {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith(".json"));
  const all = files.map((name): Vocabulary => JSON.parse(readFileSync(new URL(name, FOLDER), "utf8")));
  return new Map(all.map((vocabulary) => [vocabulary.name, vocabulary]));
}

/** Whether an event matches one of the rules. */
export function matchesAny(rules: readonly EventRule[], { event, data }: StreamEvent): boolean {
  return rules.some((rule) => {
    if (rule.event !== undefined && !whole(rule.event).test(event)) return false;
    if (rule.data !== undefined && !whole(rule.data).test(data)) return false;
    if (rule.json === undefined) return true;
    const value = jsonAt(data, rule.json);
    return value !== undefined && whole(rule.is ?? ".*").test(value);
  });
}

function whole(pattern: string): RegExp {
  return new RegExp(`^(?:${pattern})$`, "s");
}

/** The longest data that is parsed as JSON to find a member. */
const MAX_JSON_LENGTH = 262_144;

/** The text of a member of JSON data; `null`, numbers and objects as JSON text. */
function jsonAt(data: string, path: string): string | undefined {
  if (data.length > MAX_JSON_LENGTH) return undefined;
  let value = parseJson(data);
  for (const step of path.split("/").slice(1)) {
    if (value === undefined) return undefined;
    value = Array.isArray(value) ? value[Number(step)] : member(value, step);
  }
  if (value === undefined) return undefined;
  if (typeof value === "string") return value;
  if (value === null || typeof value === "boolean") return String(value);
  return "text" in value ? String(value.text) : "{}";
}

/** The vocabulary of these first events; `plain` if none fits. */
export function guessVocabulary(
  all: ReadonlyMap<string, Vocabulary>,
  events: readonly StreamEvent[],
): Vocabulary {
  const first = events.slice(0, GUESSED_FROM);
  const fits = [...all.values()].find(({ guess }) => first.some((event) => matchesAny(guess, event)));
  const found = fits ?? all.get("plain");
  if (!found) throw new RangeError("the vocabulary `plain` is missing");
  return found;
}

/** How many events are looked at. */
const GUESSED_FROM = 10;
