import { frameOf, type StreamBody, type StreamSink, type StreamWriter } from "@tidemark/server-core";

/** The chunks of a stream; the stream writes the next one only when the last was consumed. */
export async function* chunksOf(body: StreamBody, signal: AbortSignal): AsyncGenerator<Uint8Array, void> {
  const queue: Uint8Array[] = [];
  let state: { readonly failure?: unknown } | undefined;
  let wake = (): void => undefined;
  let writer: StreamWriter | undefined;
  const over = (how: { readonly failure?: unknown }): void => {
    state ??= how;
    wake();
  };
  const push = (chunk: Uint8Array): boolean => {
    queue.push(chunk);
    wake();
    return false;
  };
  const sink: StreamSink = {
    open(own) {
      writer = own;
    },
    begin: (blocks) => push(Buffer.from(blocks)),
    write: ({ bytes }) => push(bytes),
    end: () => over({}),
    cut: () => over({ failure: new Error("The stream was cut") }),
    report: (failure) => over({ failure }),
  };
  signal.addEventListener("abort", () => over({}), { once: true });
  body.start(sink);
  try {
    for (;;) {
      const chunk = queue.shift();
      if (chunk) {
        yield chunk;
        if (queue.length === 0) writer?.drained();
      } else if (state) {
        if ("failure" in state) throw state.failure;
        return;
      } else
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
  } finally {
    writer?.gone();
  }
}

/** A stream body made of chunks; it requests the next one only when the connection has accepted the last. */
export function streamOf(chunks: AsyncIterable<Uint8Array>): StreamBody {
  return { start: (sink) => void write(chunks, sink) };
}

async function write(chunks: AsyncIterable<Uint8Array>, sink: StreamSink): Promise<void> {
  let over = false;
  let isFirst = true;
  let resume = (): void => undefined;
  sink.open({
    drained: () => resume(),
    gone() {
      over = true;
      resume();
    },
  });
  try {
    for await (const chunk of chunks) {
      if (over) return;
      const frame = frameOf(chunk);
      const taken = isFirst ? sink.begin(Buffer.from(chunk).toString()) : !frame || sink.write(frame);
      isFirst = false;
      if (!taken)
        await new Promise<void>((resolve) => {
          resume = resolve;
        });
    }
    sink.end();
  } catch (error) {
    sink.report(error);
    sink.cut();
  }
}
