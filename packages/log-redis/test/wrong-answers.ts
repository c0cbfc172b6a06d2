import type { RedisServer } from "../../../testing/engines/redis-server.ts";
import { type AnswerForm, FaultyAnswers } from "../../../testing/proxies/faulty-answers.ts";
import { freshPrefix } from "../../log/test/steps.ts";
import { checkWrongAnswers } from "../../log/test/wrong-answers.ts";
import { RedisLog } from "../src/redis-log.ts";

/** The timeout of an answer: longer than an answer takes under load, shorter than a late one. */
const ANSWER_MS = 300;

// Redis answers have no ids, and TCP keeps their order: a missing or late answer delays all later ones.
const FORM: AnswerForm = {
  part: (bytes) => ({ answers: [{ bytes, mayFail: true }], rest: bytes.subarray(bytes.length) }),
  isOrdered: true,
};

/** Use a log whose Redis answers are missing, late or partial. TCP rules out duplicates. */
export async function wrongAnswers(server: RedisServer, numRuns: number): Promise<void> {
  const answers = await FaultyAnswers.to(server.port, FORM);
  const prefix = freshPrefix();
  const address = { host: "127.0.0.1", port: answers.port, socketTimeout: ANSWER_MS, retryStrategy: () => 5 };
  const [faulty, whole] = [
    await RedisLog.open(address, { prefix }),
    await RedisLog.open(server.url, { prefix }),
  ];
  try {
    await checkWrongAnswers({ faulty, whole, answers }, ["missing", "late", "partial"], numRuns);
  } finally {
    await Promise.all([faulty.dispose(), whole.dispose()]);
    await answers.close();
  }
}
