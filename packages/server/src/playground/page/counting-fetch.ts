import type { Sink } from "./column-event.ts";

/** The longest line of an exchange that is shown. */
const MAX_LINE = 220;

/** Reports requests, and can cut them. */
export interface CountingFetch {
  readonly fetch: typeof globalThis.fetch;
  /** Fail all requests while true. Only needed without a proxy that can cut. */
  set cut(cut: boolean);
}

/** How bodies are measured. */
export interface Measuring {
  /** Milliseconds since the column began. */
  now(): number;
  /** Whether the size of a body is reported later, by the browser, because it may have come from the cache. */
  isSizedLater(request: RequestInit | undefined): boolean;
}

/** A `fetch` that reports each request, each part of a body, and each end to `sink`. */
export function createCountingFetch(sink: Sink, { now, isSizedLater }: Measuring): CountingFetch {
  const running = new Set<AbortController>();
  let isCut = false;
  const end = (line: string, failed: boolean): void => sink({ t: now(), type: "end", line, failed });
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    sink({ t: now(), type: "request", line: `GET ${url.pathname}${readable(url.search)}`, up: 0 });
    const controller = new AbortController();
    running.add(controller);
    const { signal = undefined, ...rest } = init ?? {};
    const over = (line: string, failed: boolean): void => {
      if (running.delete(controller)) end(line, failed); // only the first of several ends counts
    };
    if (isCut) {
      over("cut", true);
      throw new TypeError("cut by the playground");
    }
    try {
      const both = AbortSignal.any([controller.signal, ...(signal ? [signal] : [])]);
      const response = await globalThis.fetch(input, { ...rest, signal: both });
      sink({ t: now(), type: "answer", line: headOf(response) });
      if (response.body === null) over("", false);
      if (response.body === null) return response;
      return counted(response, { sink, now, isSizedLater: isSizedLater(init), signal, over });
    } catch (error) {
      over(failureOf(error, signal), !signal?.aborted);
      throw error;
    }
  };
  return {
    fetch,
    set cut(cut: boolean) {
      isCut = cut;
      if (cut) for (const controller of running) controller.abort(new TypeError("cut by the playground"));
    },
  };
}

/** How a body is reported. */
interface Reporting {
  readonly sink: Sink;
  now(): number;
  readonly isSizedLater: boolean;
  readonly signal: AbortSignal | null | undefined;
  over(line: string, failed: boolean): void;
}

/** The response with a body that reports what is read from it. */
function counted(response: Response, { sink, now, isSizedLater, signal, over }: Reporting): Response {
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const decoder = new TextDecoder();
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await reader.read();
          if (done) {
            over("", false);
            controller.close();
            return;
          }
          const line = shortened(decoder.decode(value, { stream: true }));
          sink({ t: now(), type: "body", line, ...(!isSizedLater && { down: value.length }) });
          controller.enqueue(value);
        } catch (error) {
          over(failureOf(error, signal), !signal?.aborted);
          controller.error(error);
        }
      },
      async cancel(reason) {
        over("the client left", false);
        await reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
  const { status, statusText, headers, url, redirected } = response;
  return Object.defineProperties(new Response(body, { status, statusText, headers }), {
    url: { value: url },
    redirected: { value: redirected },
  });
}

function headOf({ status, headers }: Response): string {
  const type = headers.get("content-type")?.split(";")[0];
  return `${status}${type ? ` ${type}` : ""}`;
}

function failureOf(error: unknown, signal: AbortSignal | null | undefined): string {
  if (signal?.aborted) return "the client left";
  return error instanceof Error ? shortened(error.message) : "failed";
}

/** A query without percent signs, for people. */
function readable(search: string): string {
  try {
    return decodeURIComponent(search);
  } catch (error) {
    if (error instanceof URIError) return search;
    throw error;
  }
}

function shortened(text: string): string {
  const line = text.trim().replace(/\s*[\r\n]+\s*/g, " ⏎ ");
  return line.length <= MAX_LINE ? line : `${line.slice(0, MAX_LINE)}…`;
}
