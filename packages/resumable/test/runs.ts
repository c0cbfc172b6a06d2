import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Log } from "@tidemark/log";
import { MemoryLog } from "@tidemark/log-memory";
import { type ResumableOptions, type Runs, resumable, type Upstream } from "@tidemark/resumable";
import { fromNode } from "@tidemark/resumable/node";
import { until } from "../../../testing/servers/serving.ts";

export const ORIGIN = "http://localhost";

/** A request that starts a run. */
export function post(body = "{}", headers: Record<string, string> = {}): Request {
  return new Request(`${ORIGIN}/chat`, { method: "POST", body, headers });
}

/** A request that resumes one. */
export function get(id: string, query = "", headers: Record<string, string> = {}): Request {
  return new Request(`${ORIGIN}/chat/${id}${query}`, { headers });
}

export function runOf(response: Response): string {
  return response.headers.get("tidemark-run") ?? "";
}

/** An upstream that sends what a test says, when it says it. */
export class Hand {
  readonly stream: ReadableStream<Uint8Array>;
  cancelled: unknown;
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;

  constructor() {
    this.stream = new ReadableStream({
      start: (controller) => {
        this.#controller = controller;
      },
      cancel: (reason) => {
        this.cancelled = reason ?? true;
      },
    });
  }

  send(text: string | Uint8Array): void {
    this.#controller?.enqueue(typeof text === "string" ? Buffer.from(text) : text);
  }

  end(): void {
    this.#controller?.close();
  }

  fail(): void {
    this.#controller?.error(new Error("The upstream was cut"));
  }

  get response(): Response {
    return new Response(this.stream, { headers: { "Content-Type": "text/event-stream" } });
  }
}

/** An upstream that sends a text in chunks of this size. */
export async function* sent(text: string | Uint8Array, size = 7): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text as string);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

export function streamOf(text: string): ReadableStream<Uint8Array> {
  const chunks = sent(text);
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await chunks.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
  });
}

export interface Bench {
  readonly log: Log;
  readonly runs: Runs;
  readonly errors: unknown[];
}

/** Run a test with the runs of one process, and check that nothing is left. */
export async function withRuns(
  options: ResumableOptions,
  run: (bench: Bench) => Promise<void>,
  log: Log = new MemoryLog(),
): Promise<void> {
  const errors: unknown[] = [];
  const runs = resumable(log, { heartbeatS: 1, onError: (error) => errors.push(error), ...options });
  try {
    await run({ log, runs, errors });
  } finally {
    await runs.dispose();
  }
  await until(() => runs.stats().producing === 0 && runs.stats().streams === 0, "nothing is held");
}

/** Read a body until it ends or is cut. */
export async function readBody({
  body,
}: Response): Promise<{ readonly bytes: Buffer; readonly cut: boolean }> {
  const chunks: Uint8Array[] = [];
  if (body === null) return { bytes: Buffer.alloc(0), cut: false };
  try {
    for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) chunks.push(chunk);
    return { bytes: Buffer.concat(chunks), cut: false };
  } catch {
    return { bytes: Buffer.concat(chunks), cut: true };
  }
}

/** A reader of a body that looks at what has arrived. */
export class Watched {
  text = "";
  state: "open" | "ended" | "cut" = "open";
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;

  constructor({ body }: Response) {
    if (body === null) throw new Error("no body");
    this.#reader = body.getReader();
    void this.#read();
  }

  async sees(text: string): Promise<void> {
    await until(() => this.text.includes(text), `${text} in ${JSON.stringify(this.text)} (${this.state})`);
  }

  async isOver(): Promise<string> {
    await until(() => this.state !== "open", "the stream ends");
    return this.state;
  }

  leave(): Promise<void> {
    return this.#reader.cancel();
  }

  async #read(): Promise<void> {
    try {
      for (let next = await this.#reader.read(); !next.done; next = await this.#reader.read())
        this.text += Buffer.from(next.value).toString("latin1");
      this.state = "ended";
    } catch {
      this.state = "cut";
    }
  }
}

/** Serve runs over HTTP: `POST /chat`, `GET` and `DELETE /chat/<id>`. */
export async function serveRuns(
  runs: Runs,
  produce: (request: Request) => Upstream,
): Promise<{ origin: string; close(): Promise<void> }> {
  const listener = fromNode((request) => {
    if (request.method === "POST") return runs.start(request, () => produce(request));
    return request.method === "DELETE" ? runs.cancel(request) : runs.resume(request);
  });
  const server = createServer((req, res) => void listener(req, res));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
