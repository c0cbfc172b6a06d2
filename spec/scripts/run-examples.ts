import type { Example, ExampleMessage } from "./examples.ts";
import { Places, parseExample } from "./places.ts";

/** How an answer differed from its example. */
export interface Difference {
  readonly id: string;
  readonly fault: string;
}

const STREAM = "text/event-stream";

/**
 * Run the examples of a chapter, in order, against a server that offers every class.
 * @param url the URL of a new channel for each name in the examples
 */
export async function runExamples(
  examples: readonly Example[],
  url: (channel: string) => string,
): Promise<readonly Difference[]> {
  const run = new Run(url);
  const meanwhile = new Set(examples.map(({ then }) => then));
  const differences: Difference[] = [];
  for (const example of examples.filter(({ id }) => !meanwhile.has(id))) {
    const other = examples.find(({ id }) => id === example.then);
    differences.push(...(await run.exchange(example, other)));
  }
  return differences;
}

class Run {
  readonly #url: (channel: string) => string;
  readonly #places = new Places();

  constructor(url: (channel: string) => string) {
    this.#url = url;
  }

  /** Run an example and, meanwhile, `other`. */
  async exchange(example: Example, other?: Example): Promise<readonly Difference[]> {
    const { id } = example;
    const unknown = this.#places.unknownIn(JSON.stringify(example.request));
    if (unknown !== undefined) return [{ id, fault: `no earlier answer had a value for ${unknown}` }];
    const gone = new AbortController();
    try {
      // Compare only after both: the other exchange can be the first with the value of a cursor.
      const [answer, before] = await Promise.all([
        this.#send(example, gone.signal),
        other === undefined ? [] : this.exchange(other),
      ]);
      const fault = await this.#judge(example, answer);
      return [...before, ...(fault === undefined ? [] : [{ id, fault }])];
    } finally {
      gone.abort();
    }
  }

  #send({ request }: Example, signal: AbortSignal): Promise<Response> {
    const [path = "", query] = this.#places.fill(request.target).split("?");
    const { Host: _, ...fields } = request.headers;
    const headers = Object.entries(fields).map(([name, value]) => [name, this.#places.fill(value)]);
    return fetch(this.#url(path.split("/").at(-1) ?? "") + (query === undefined ? "" : `?${query}`), {
      method: request.method,
      headers: Object.fromEntries(headers),
      body: request.body === undefined ? null : this.#places.fill(request.body),
      signal,
    });
  }

  async #judge({ response }: Example, answer: Response): Promise<string | undefined> {
    const fault =
      this.#places.compare(response.status, answer.status, "the status") ??
      this.#judgeFields(response, answer);
    if (fault !== undefined || response.body === undefined) return fault;
    if (answer.headers.get("content-type") !== STREAM)
      return this.#places.compare(parseExample(response.body), await answer.json(), "the body");
    return this.#judgeStream(response.body.split("\n\n"), answer);
  }

  #judgeFields({ headers }: ExampleMessage, answer: Response): string | undefined {
    for (const [name, value] of Object.entries(headers)) {
      const actual = answer.headers.get(name) ?? undefined;
      const plain = name === "Content-Type" ? actual?.split(";", 1)[0] : actual;
      const fault = this.#places.compare(value, plain, name);
      if (fault !== undefined) return fault;
    }
    return undefined;
  }

  /** Compare the beginning of a stream, block by block; the example shows only its first blocks. */
  async #judgeStream(expected: readonly string[], answer: Response): Promise<string | undefined> {
    const blocks = await firstBlocks(answer, expected.length);
    for (const [index, block] of expected.entries()) {
      const where = `block ${index + 1}`;
      const fault = this.#places.compare(fieldsOf(block, parseExample), fieldsOf(blocks[index] ?? ""), where);
      if (fault !== undefined) return fault;
    }
    return undefined;
  }
}

/** Read until `count` blocks are complete, or the stream ends. */
async function firstBlocks(answer: Response, count: number): Promise<readonly string[]> {
  let text = "";
  const decoder = new TextDecoder();
  for await (const chunk of answer.body ?? []) {
    text = (text + decoder.decode(chunk, { stream: true })).replaceAll("\r\n", "\n");
    if (text.split("\n\n").length > count) break;
  }
  return text.split("\n\n");
}

/** The fields of a block, with `data` parsed and without comments. */
function fieldsOf(block: string, parse: (text: string) => unknown = JSON.parse): Record<string, unknown> {
  const lines = block.split("\n").filter((line) => line !== "" && !line.startsWith(":"));
  return Object.fromEntries(
    lines.map((line) => {
      const [, name = "", value = ""] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
      return [name, name === "data" ? parse(value) : value];
    }),
  );
}
