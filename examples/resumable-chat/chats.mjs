import { MemoryLog } from "@tidemark/log-memory";
import { resumable } from "@tidemark/resumable";
import { callModel } from "./model.mjs";

const runs = resumable(new MemoryLog()); // with several processes: RedisLog or NatsLog
const chats = new Map(); // your database: what was said in a chat, and the run of its last answer

/** POST /api/chat: say something. */
export async function say(request) {
  const { id, messages } = await request.json();
  const response = await runs.start(request, ({ signal }) => callModel(signal));
  chats.set(id, { messages, run: response.headers.get("Tidemark-Run") });
  return response;
}

/** GET /api/chat/{id}/stream: what `useChat` requests when a page is opened or reloaded. */
export function resume(request, id) {
  const chat = chats.get(id);
  return chat ? runs.resume(request, chat.run) : new Response(null, { status: 204 });
}

/** GET /api/chat/{id}: what was said before the last answer. */
export function read(id) {
  return Response.json(chats.get(id)?.messages ?? []);
}
