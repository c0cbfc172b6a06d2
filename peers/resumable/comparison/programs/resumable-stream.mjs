import { Redis } from "ioredis";
import { createResumableStreamContext } from "resumable-stream/ioredis";
import { produce } from "./chunks.mjs";
import { serve } from "./serve.mjs";

const redis = process.argv[2];
// The application, as the README of resumable-stream has it:
const streams = createResumableStreamContext({
  waitUntil: null,
  publisher: new Redis(redis),
  subscriber: new Redis(redis),
});
const start = async () => {
  const id = crypto.randomUUID();
  const stream = await streams.createNewResumableStream(id, produce);
  return new Response(stream.pipeThrough(new TextEncoderStream()), {
    headers: { "Content-Type": "text/event-stream", "X-Run": id },
  });
};
const resume = async (request, id) => {
  const resumeAt = new URL(request.url).searchParams.get("resumeAt");
  const stream = await streams.resumeExistingStream(id, resumeAt ? Number.parseInt(resumeAt, 10) : undefined);
  if (!stream) return new Response("Stream is already done", { status: 422 });
  return new Response(stream.pipeThrough(new TextEncoderStream()), {
    headers: { "Content-Type": "text/event-stream" },
  });
};
// Until here.
serve((request, id) => (request.method === "POST" ? start() : resume(request, id)));
