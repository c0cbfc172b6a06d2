// Replaces testing/servers/serve.ts when tests run in another runtime.
import type { Answer, Request, Serving } from "../../../testing/servers/serve.ts";
import type { Link, Told } from "./lines.ts";

type Handle = (request: Request, answer: Answer) => void;

const { hostLink: link } = globalThis as unknown as { readonly hostLink: Link };
const handles: Handle[] = [];
/** Listeners for the next line of a type, by that type and the number of the server or the answer. */
const waiting = new Map<string, (told: Told) => void>();
const answers = new Map<number, RemoteAnswer>();

link.onTold = (told) => {
  if (told.type === "request") {
    const { server, id, ...request } = told;
    const gone = when<unknown>(`gone ${id}`).then(() => undefined);
    const answer = new RemoteAnswer(id);
    answers.set(id, answer);
    handles[server]?.({ ...request, gone }, answer);
  } else if (told.type === "written") answers.get(told.id)?.written(told.write);
  else waiting.get(`${told.type} ${"server" in told ? told.server : told.id}`)?.(told);
};

function when<T>(key: string): Promise<T> {
  return new Promise((resolve) => waiting.set(key, resolve as (told: Told) => void));
}

/** Let the other end of the link listen on a free port of the loopback address. */
export async function serve(handle: Handle): Promise<Serving> {
  const server = handles.push(handle) - 1;
  link.send({ type: "serve", server });
  const { port } = await when<{ readonly port: number }>(`serving ${server}`);
  return {
    port,
    async close() {
      link.send({ type: "close", server });
      await when(`closed ${server}`);
    },
  };
}

class RemoteAnswer implements Answer {
  readonly #id: number;
  readonly #done: (() => void)[] = [];
  #onDrain: (() => void) | undefined;

  constructor(id: number) {
    this.#id = id;
  }

  writeHead(status: number, headers: Readonly<Record<string, string>>): void {
    link.send({ type: "head", id: this.#id, status, headers });
  }

  flushHeaders(): void {
    link.send({ type: "flush", id: this.#id });
  }

  /** Always returns false, so that each write waits for `drain`: tests must notice a reader that does not read. */
  write(chunk: string | Uint8Array, done: () => void = () => {}): boolean {
    const bytes = typeof chunk === "string" ? new TextEncoder().encode(chunk) : chunk;
    const data = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
    link.send({ type: "write", id: this.#id, data, write: this.#done.push(done) - 1 });
    return false;
  }

  end(chunk?: string): void {
    if (chunk !== undefined) this.write(chunk);
    link.send({ type: "end", id: this.#id });
  }

  destroy(): void {
    link.send({ type: "destroy", id: this.#id });
  }

  once(_: "drain", listener: () => void): void {
    this.#onDrain = listener;
  }

  written(write: number): void {
    this.#done[write]?.();
    this.#onDrain?.();
    this.#onDrain = undefined;
  }
}
