/** Writes of one size, each followed by a pause. */
export interface WriteRun {
  readonly size: number;
  readonly count: number;
  readonly pauseMs: number;
}

/** What the origin does with one request. */
export interface Instructions {
  /** The status. A 304 becomes 200 if the request that came is not conditional. */
  readonly status: number;
  /** The value of `Content-Type`; none if empty. */
  readonly type: string;
  /** Additional response fields. */
  readonly fields: readonly (readonly [string, string])[];
  readonly writes: readonly WriteRun[];
  /** Silence before the head, in milliseconds. */
  readonly beforeMs: number;
  /** Silence between the head and the first write, in milliseconds. */
  readonly headMs: number;
  /** How the answer ends: as HTTP says, with a closed connection, or with a reset one. */
  readonly end: "clean" | "cut" | "reset";
  /** Send a trailer. */
  readonly trailer: boolean;
  /** Send `103 Early Hints` first. */
  readonly early: boolean;
  /** Bytes to write as fast as the reader takes them. */
  readonly fill: number;
  /** Say `Content-Length` in place of chunks. */
  readonly length: boolean;
}

/** The request's instructions are invalid. The message says which one, and what is allowed. */
export class InstructionError extends Error {
  override readonly name = "InstructionError";
}

const MAX = {
  pauseMs: 600_000,
  size: 1_048_576,
  count: 2_000,
  bytes: 8_388_608,
  fill: 67_108_864,
  fields: 16,
};

/** The writes in their form on the wire: `16x4@700,4096x2@700`. */
export function formatWrites(writes: readonly WriteRun[]): string {
  return writes.map(({ size, count, pauseMs }) => `${size}x${count}@${Math.round(pauseMs)}`).join(",");
}

/** Each write of the runs: its size and the pause after it. */
export function eachWrite(
  writes: readonly WriteRun[],
): readonly { readonly size: number; readonly pauseMs: number }[] {
  return writes.flatMap(({ size, count, pauseMs }) =>
    Array.from({ length: count }, () => ({ size, pauseMs })),
  );
}

/** Parse the instructions in a query; names that start with `_` are not instructions. @throws {InstructionError} */
export function parseInstructions(query: URLSearchParams): Instructions {
  for (const name of query.keys())
    if (!NAMES.has(name) && !name.startsWith("_"))
      throw new InstructionError(`unknown: ${name.slice(0, 40)}`);
  const instructions: Instructions = {
    status: numberOf(query, "status", 200, 200, 599),
    type: textOf(query.get("type") ?? "text/event-stream"),
    fields: fieldsOf(query.getAll("f")),
    writes: writesOf(query.get("w") ?? ""),
    beforeMs: numberOf(query, "before", 0, 0, MAX.pauseMs),
    headMs: numberOf(query, "head", 0, 0, MAX.pauseMs),
    end: endOf(query.get("end") ?? "clean"),
    trailer: query.has("trailer"),
    early: query.has("early"),
    fill: numberOf(query, "fill", 0, 0, MAX.fill),
    length: query.has("length"),
  };
  assertBounded(instructions);
  return instructions;
}

const NAMES = new Set([
  "status",
  "type",
  "f",
  "w",
  "before",
  "head",
  "end",
  "trailer",
  "early",
  "fill",
  "length",
]);

function assertBounded({ writes, length, end }: Instructions): void {
  const count = writes.reduce((sum, run) => sum + run.count, 0);
  const bytes = writes.reduce((sum, run) => sum + run.count * run.size, 0);
  const pauses = writes.reduce((sum, run) => sum + run.count * run.pauseMs, 0);
  if (count > MAX.count) throw new InstructionError(`w: at most ${MAX.count} writes`);
  if (bytes > MAX.bytes) throw new InstructionError(`w: at most ${MAX.bytes} bytes`);
  if (pauses > MAX.pauseMs) throw new InstructionError(`w: at most ${MAX.pauseMs} ms`);
  if (length && end !== "clean") throw new InstructionError("length: only with end=clean");
}

function numberOf(query: URLSearchParams, name: string, none: number, least: number, most: number): number {
  const text = query.get(name);
  if (text === null) return none;
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= least && value <= most))
    throw new InstructionError(`${name}: a whole number from ${least} to ${most}`);
  return value;
}

function textOf(text: string): string {
  if (!/^[\x20-\x7e]{0,200}$/.test(text))
    throw new InstructionError("a field: at most 200 visible characters");
  return text;
}

function fieldsOf(lines: readonly string[]): readonly (readonly [string, string])[] {
  if (lines.length > MAX.fields) throw new InstructionError(`f: at most ${MAX.fields} fields`);
  return lines.map((line) => {
    const match = /^([A-Za-z][A-Za-z0-9-]{0,60}): (.*)$/.exec(line);
    const [, name = "", value = ""] = match ?? [];
    if (name === "" || /^(content-length|transfer-encoding|connection)$/i.test(name))
      throw new InstructionError("f: `Name: value`, and no field that frames the answer");
    return [name, textOf(value)] as const;
  });
}

function writesOf(text: string): readonly WriteRun[] {
  if (text === "") return [];
  return text.split(",").map((part) => {
    const match = /^(\d{1,7})x(\d{1,4})@(\d{1,6})$/.exec(part);
    const [size, count, pauseMs] = (match ?? []).slice(1).map(Number);
    if (size === undefined || count === undefined || pauseMs === undefined || size > MAX.size)
      throw new InstructionError(`w: size x count @ milliseconds, size at most ${MAX.size}`);
    return { size, count, pauseMs };
  });
}

function endOf(text: string): Instructions["end"] {
  if (text !== "clean" && text !== "cut" && text !== "reset")
    throw new InstructionError("end: clean, cut or reset");
  return text;
}
