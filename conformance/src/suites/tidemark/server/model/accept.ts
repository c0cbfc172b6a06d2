import { createRandom } from "../../../../engine/run/context.ts";
import { Dice } from "./dice.ts";

/** What a read asks for: pages, a stream, or nothing that a server has. */
export type Wanted = "json" | "sse" | "none";

interface Range {
  readonly name: string;
  readonly q: number;
}

/** The algorithm of CORE-CHOICE-1 for a server that offers both pages and streams. */
export function choose(lines: readonly string[]): Wanted {
  const ranges = lines.flatMap(split).map(parseRange);
  const best = (name: string): number =>
    Math.max(0, ...ranges.filter((range) => range.name === name).map(({ q }) => q));
  const s = best("text/event-stream");
  if (s > 0 && s >= best("application/json")) return "sse";
  return "json";
}

/** The items of a field, at the commas that are not inside a quoted string. */
function split(line: string): string[] {
  return (line.match(/(?:"(?:[^"\\]|\\.)*"|[^,"])+/g) ?? []).filter((item) => item.trim() !== "");
}

function parseRange(item: string): Range {
  const [name = "", ...parameters] = item.match(/(?:"(?:[^"\\]|\\.)*"|[^;"])+/g) ?? [];
  const q = parameters
    .map((text) => /^\s*q\s*=\s*(.*?)\s*$/i.exec(text)?.[1])
    .find((text) => text !== undefined);
  const isQValue = q !== undefined && /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(q);
  return { name: name.trim().toLowerCase(), q: isQValue ? Number(q) : 1 };
}

const NAMES = [
  "text/event-stream",
  "application/json",
  "*/*",
  "text/html",
  "application/*",
  "Text/Event-Stream",
];

const PARAMETERS = [
  "",
  ";q=1",
  ";q=0.5",
  ";q=0.9",
  ";q=0",
  "; Q=0.3",
  ";q=high",
  ";charset=utf-8",
  ";q=1.0;x=1",
  ';x="a,b"',
];

/** The fields `Accept` of a number: the same for the same number, and one that asks for what is wanted. */
export function acceptOf(number: number, wanted: Wanted): readonly string[] {
  const dice = new Dice(createRandom(number));
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
    const items = Array.from({ length: dice.int(1, 4) }, () => dice.pick(NAMES) + dice.pick(PARAMETERS));
    const at = dice.int(0, items.length - 1);
    const lines = dice.chance(0.3) && at > 0 ? [items.slice(0, at), items.slice(at)] : [items];
    const fields = lines.map((line) => line.join(dice.pick([", ", ",", " ,, "])));
    if (choose(fields) === wanted) return fields;
  }
  return [wanted === "sse" ? "text/event-stream" : "application/json"];
}

const MOST_ATTEMPTS = 50;
