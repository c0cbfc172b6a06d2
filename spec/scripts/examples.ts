import type { Fault } from "./document.ts";

/** An HTTP message of an example, as in the text. */
export interface ExampleMessage {
  readonly headers: Readonly<Record<string, string>>;
  /** Absent if the example has no body. */
  readonly body?: string;
}

/** A complete exchange from the specification; `{name}` stands for text that the server chooses. */
export interface Example {
  readonly id: string;
  readonly chapter: string;
  readonly line: number;
  /** The example to run while this one is running. */
  readonly then?: string;
  readonly request: ExampleMessage & { readonly method: string; readonly target: string };
  readonly response: ExampleMessage & { readonly status: number };
}

/** The examples of a chapter, in the order in which to run them. */
export interface Examples {
  readonly examples: readonly Example[];
  readonly faults: readonly Fault[];
}

const FENCE = /^```http id=([a-z0-9-]+)(?: then=([a-z0-9-]+))?\n([\s\S]*?)\n```$/gm;
const ANY_FENCE = /^```http(?= |$)/gm;
const REQUEST_LINE = /^([A-Z]+) (\/\S*) HTTP\/1\.1$/;
const STATUS_LINE = /^HTTP\/1\.1 ([1-5]\d\d) .+$/;

/** Extract the exchanges from a chapter. */
export function readExamples(chapter: string, markdown: string): Examples {
  const examples: Example[] = [];
  const faults: Fault[] = [];
  const fences = [...markdown.matchAll(FENCE)];
  for (const { 1: id = "", 2: then, 3: text = "", index } of fences) {
    const line = lineAt(markdown, index);
    const exchange = readExchange(text);
    if (exchange === undefined) faults.push({ file: chapter, line, message: `malformed example ${id}` });
    else examples.push({ id, chapter, line, ...(then === undefined ? {} : { then }), ...exchange });
  }
  const complete = new Set(fences.map(({ index }) => index));
  for (const { index } of markdown.matchAll(ANY_FENCE))
    if (!complete.has(index))
      faults.push({ file: chapter, line: lineAt(markdown, index), message: "an example without an id" });
  return { examples, faults };
}

/** Errors in the ids of examples and in the references between examples. */
export function exampleFaults(examples: readonly Example[]): readonly Fault[] {
  const ids = examples.map(({ id }) => id);
  return examples.flatMap(({ id, chapter, line, then }, index) => [
    ...(ids.indexOf(id) === index ? [] : [{ file: chapter, line, message: `duplicate example ${id}` }]),
    ...(then === undefined || ids.includes(then)
      ? []
      : [{ file: chapter, line, message: `example ${id} refers to ${then}, which does not exist` }]),
  ]);
}

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split("\n").length;
}

function readExchange(text: string): Pick<Example, "request" | "response"> | undefined {
  const lines = text.split("\n");
  const at = lines.findIndex((line) => STATUS_LINE.test(line));
  const [, method, target] = REQUEST_LINE.exec(lines[0] ?? "") ?? [];
  const status = Number(STATUS_LINE.exec(lines[at] ?? "")?.[1]);
  const request = readMessage(lines.slice(1, at));
  const response = readMessage(lines.slice(at + 1));
  if (method === undefined || target === undefined || at < 2 || lines[at - 1] !== "") return undefined;
  if (request === undefined || response === undefined) return undefined;
  return { request: { method, target, ...request }, response: { status, ...response } };
}

/** Header fields up to an empty line, then the body. */
function readMessage(lines: readonly string[]): ExampleMessage | undefined {
  const end = lines.indexOf("");
  const fields = end === -1 ? lines : lines.slice(0, end);
  const body =
    end === -1
      ? ""
      : lines
          .slice(end + 1)
          .join("\n")
          .trimEnd();
  const pairs = fields.map((line) => /^([A-Za-z-]+): (\S.*)$/.exec(line));
  if (pairs.some((pair) => pair === null)) return undefined;
  const headers = Object.fromEntries(pairs.map((pair) => [pair?.[1] ?? "", pair?.[2] ?? ""]));
  return { headers, ...(body === "" ? {} : { body }) };
}
