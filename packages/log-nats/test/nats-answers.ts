import type { Answer, PartAnswers } from "../../../testing/proxies/faulty-answers.ts";

const MESSAGE = /^H?MSG .* (\d+)$/;

/**
 * Split what NATS sends: a message with its body is an answer; lines like `INFO` and `PONG` must not fail.
 */
export const partNatsAnswers: PartAnswers = (bytes) => {
  const answers: Answer[] = [];
  for (let at = 0; ; ) {
    const lineEnd = bytes.indexOf("\r\n", at);
    if (lineEnd < 0) return { answers, rest: bytes.subarray(at) };
    const [, size] = MESSAGE.exec(bytes.toString("latin1", at, lineEnd)) ?? [];
    const end = lineEnd + 2 + (size === undefined ? 0 : Number(size) + 2);
    if (end > bytes.length) return { answers, rest: bytes.subarray(at) };
    answers.push({ bytes: bytes.subarray(at, end), mayFail: size !== undefined });
    at = end;
  }
};
