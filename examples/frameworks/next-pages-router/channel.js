// pages/api/channels/[channel].js
import { MemoryLog } from "@tidemark/log-memory";
import { channels } from "@tidemark/server-fetch/node";

globalThis.channels ??= channels(new MemoryLog(), { path: "/api/channels/:channel" });

export const config = { api: { bodyParser: false, externalResolver: true, responseLimit: false } };

export default function handler(req, res) {
  if (!globalThis.channels(req, res)) res.status(404).end();
}
