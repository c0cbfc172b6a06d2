import { ProtocolError } from "@tidemark/protocol";
import { type Answer, altered, type ChannelContext, type ChannelRequest } from "@tidemark/server-core";
import { mechanism } from "./change-answers.ts";
import type { Parts } from "./parts.ts";

type PostAnswer = (request: ChannelRequest, channel: ChannelContext) => Promise<Answer>;

/** Change how `POST` is answered; `answer` is the function of the reference server. */
export function posts(
  change: (request: ChannelRequest, channel: ChannelContext, answer: PostAnswer) => Promise<Answer>,
): Parts {
  return mechanism(["publish"], ({ answer }) => ({
    answer: (request, channel) =>
      request.method === "POST" ? change(request, channel, answer) : answer(request, channel),
  }));
}

/** Change the body of each `POST` before it is read. */
export function bodies(change: (bytes: Buffer) => string | Uint8Array): Parts {
  return posts(async (request, channel, answer) => {
    if (Number(request.headers["content-length"]) > 1_048_576) return answer(request, channel);
    return answer(withBody(request, change(await bytesOf(request))), channel);
  });
}

/** The request with another body. */
export function withBody(request: ChannelRequest, body: string | Uint8Array): ChannelRequest {
  const bytes = Buffer.from(body);
  return altered(request, { readBody: async () => bytes });
}

/** The whole body. */
export async function bytesOf(request: ChannelRequest): Promise<Buffer> {
  return Buffer.from(await request.readBody(Number.POSITIVE_INFINITY));
}

/** A body as JSON, typed loosely so that a mutant can write anything into it. */
export type LooseBody = Record<string, unknown> & { messages?: Record<string, unknown>[] };

/** Parse a body with `JSON.parse`; `undefined` if it is not a JSON object or array. */
export function looseBody(bytes: Uint8Array): LooseBody | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString());
    return typeof value === "object" && value !== null ? (value as LooseBody) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The error with which a mutant rejects a body. */
export function invalidBody(): ProtocolError {
  return new ProtocolError("invalid-body", "This server rejects this body", { members: { pointer: "" } });
}
