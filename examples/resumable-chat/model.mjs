/** Stands in for a language model: counts slowly, as a UI message stream of the AI SDK. Use `streamText` instead. */
export function callModel(signal) {
  const encoder = new TextEncoder();
  async function* chunks() {
    yield { type: "start", messageId: crypto.randomUUID() };
    yield { type: "text-start", id: "text" };
    for (let number = 1; number <= 100; number += 1) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      signal.throwIfAborted();
      yield { type: "text-delta", id: "text", delta: `${number} ` };
    }
    yield { type: "text-end", id: "text" };
    yield { type: "finish" };
  }
  async function* events() {
    for await (const chunk of chunks()) yield encoder.encode(`data: ${JSON.stringify(chunk)}\n\n`);
    yield encoder.encode("data: [DONE]\n\n");
  }
  const headers = { "Content-Type": "text/event-stream", "x-vercel-ai-ui-message-stream": "v1" };
  return new Response(ReadableStream.from(events()), { headers });
}
