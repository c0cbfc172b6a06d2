import { differenceOfJson, differenceOfText, fill, type Json, type Names, parsePattern } from "./match.ts";

/** One exchange of the specification, as `spec/examples.json` holds it. */
export interface Example {
  readonly id: string;
  readonly chapter: string;
  /** The exchange that is run while this one is under way. */
  readonly then?: string;
  readonly request: {
    readonly method: string;
    readonly target: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: string;
  };
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: string;
  };
}

/** Where examples are run: the server without a path, and a suffix that makes the channels fresh. */
export interface Stage {
  readonly origin: string;
  readonly suffix: string;
  readonly names: Names;
}

const LIMIT_MS = 30_000;

/** Send the request, and say how the answer differs from the example; `underWay` runs before the answer is awaited. */
export async function runExample(
  example: Example,
  stage: Stage,
  underWay: () => Promise<string | undefined> = async () => undefined,
): Promise<string | undefined> {
  const { method, target, headers, body } = example.request;
  const { Host: _, ...own } = headers;
  const path = fill(target, stage.names).replace(/^\/channels\/\w+/, `$&${stage.suffix}`);
  const abort = new AbortController();
  const answer = fetch(stage.origin + path, {
    method,
    headers: Object.fromEntries(Object.entries(own).map(([name, value]) => [name, fill(value, stage.names)])),
    signal: AbortSignal.any([abort.signal, AbortSignal.timeout(LIMIT_MS)]),
    ...(body === undefined ? {} : { body: fill(body, stage.names) }),
  });
  // Sent later, and answered: so the server has the first request in hand.
  if (example.then !== undefined) await fetch(`${stage.origin}/channels/other`).then((other) => other.text());
  const other = await underWay();
  try {
    return other ?? (await differenceOf(example.response, await answer, stage.names));
  } finally {
    abort.abort();
  }
}

async function differenceOf(
  expected: Example["response"],
  actual: Response,
  names: Names,
): Promise<string | undefined> {
  if (actual.status !== expected.status) return `status ${actual.status}`;
  for (const [name, value] of Object.entries(expected.headers)) {
    const found = actual.headers.get(name) ?? "";
    const fault = differenceOfText(value, name === "Content-Type" ? withoutParameters(found) : found, names);
    if (fault) return `${name}: ${fault}`;
  }
  if (expected.body === undefined) return undefined;
  if (expected.headers["Content-Type"] === "text/event-stream")
    return differenceOfStream(expected.body, actual, names);
  return differenceOfJson(parsePattern(expected.body), JSON.parse(await actual.text()), names);
}

function withoutParameters(mediaType: string): string {
  return mediaType.replace(/\s*;.*$/, "");
}

/** Of a stream the beginning is shown, block by block. */
async function differenceOfStream(
  pattern: string,
  actual: Response,
  names: Names,
): Promise<string | undefined> {
  const expected = pattern.split("\n\n");
  const blocks = await readBlocks(actual, expected.length);
  for (const [index, block] of expected.entries()) {
    const fault = differenceOfBlock(block, blocks[index] ?? "", names);
    if (fault) return `block ${index + 1}: ${fault}`;
  }
  return undefined;
}

async function readBlocks(response: Response, count: number): Promise<string[]> {
  let text = "";
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    const blocks = text.replace(/\r\n?/g, "\n").split("\n\n");
    if (blocks.length > count) return blocks.slice(0, count);
  }
  return text.split("\n\n");
}

function differenceOfBlock(pattern: string, actual: string, names: Names): string | undefined {
  const expected = fieldsOf(pattern);
  const found = fieldsOf(actual);
  if ([...expected.keys()].sort().join() !== [...found.keys()].sort().join())
    return `its fields are ${[...found.keys()].join()}`;
  for (const [name, value] of expected) {
    const text = found.get(name) ?? "";
    const fault =
      name === "data"
        ? differenceOfJson(parsePattern(value), JSON.parse(text) as Json, names)
        : differenceOfText(value, text, names);
    if (fault) return `${name}: ${fault}`;
  }
  return undefined;
}

function fieldsOf(block: string): Map<string, string> {
  const lines = block.split("\n").filter((line) => line !== "" && !line.startsWith(":"));
  return new Map(
    lines.map((line) => {
      const [name = "", ...rest] = line.split(":");
      return [name, rest.join(":").replace(/^ /, "")];
    }),
  );
}
