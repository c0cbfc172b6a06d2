// Publishes through other code, and returns what the server stored and reported.
import type { RequestListener } from "node:http";
import { MemoryLog } from "@tidemark/log-memory";
import { type TidemarkOptions, tidemark } from "@tidemark/server";
import type { ServerMiddleware } from "@tidemark/server-core/koa";
import { serving } from "./serving.ts";

/** A number that JavaScript cannot represent exactly. */
export const EXACT = "12345678901234567890";
export const BODY = `{"messages":[{"data":${EXACT}}]}`;
/** The same number after `JSON.parse`. */
export const LOSSY = "12345678901234567000";

export interface Seen {
  readonly status: number;
  readonly stored: readonly string[];
  readonly errors: readonly unknown[];
}

/** Publish {@link BODY}, or what `init` says. */
export async function publish(
  behind: (channels: ServerMiddleware) => RequestListener,
  options: TidemarkOptions = {},
  init: RequestInit = {},
): Promise<Seen> {
  const log = new MemoryLog();
  const errors: unknown[] = [];
  const channels = tidemark(log, { onError: (error) => errors.push(error), ...options });
  let status = 0;
  await serving(behind(channels), async (origin) => {
    const headers = { "Content-Type": "application/json" };
    const given = { method: "POST", body: BODY, headers, ...init };
    const response = await fetch(`${origin}/channels/a`, given);
    await response.text();
    status = response.status;
  });
  const { messages } = await log.read("a", "start", { maxMessages: 10 });
  return { status, stored: messages.map(({ json }) => json), errors };
}
