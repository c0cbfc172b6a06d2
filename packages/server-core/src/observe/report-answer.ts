import { Buffer } from "node:buffer";
import { ProtocolError } from "@tidemark/protocol";
import { type Answer, isStreamed } from "../answer/answer.ts";
import type { Ready } from "../caches/known-answers.ts";
import type { ChannelRequest } from "../request/channel-request.ts";
import type { Observer } from "./observer.ts";

/** Report the answer to a request once it is known. */
export function reportAnswer(
  observer: Observer,
  request: Pick<ChannelRequest, "method" | "mechanism">,
  answer: Promise<Answer>,
): void {
  answer.then(
    ({ status, body, length, messages = 0 }) => {
      const isWhole = request.method !== "HEAD" && !isStreamed(body);
      observer.answered({
        mechanism: request.mechanism,
        status,
        code: undefined,
        messages: isWhole ? messages : 0,
        bytes: isWhole ? (length ?? lengthOf(body)) : 0,
      });
    },
    (error) => {
      const { code, status } = error instanceof ProtocolError ? error : INTERNAL;
      observer.answered({ mechanism: request.mechanism, status, code, messages: 0, bytes: 0 });
    },
  );
}

const INTERNAL = { code: "internal", status: 500 } as const;

/** Report the answer to a poll that was known before. */
export function reportKnown(observer: Observer, { status, body, length, messages = 0 }: Ready): void {
  observer.answered({
    mechanism: "poll",
    status,
    code: undefined,
    messages,
    bytes: length ?? lengthOf(body),
  });
}

function lengthOf(body: Answer["body"]): number {
  return body === undefined || isStreamed(body) ? 0 : Buffer.byteLength(body);
}
