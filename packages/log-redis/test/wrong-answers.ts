import { type AnswerForm, FaultyAnswers } from "../../log/test/faulty-answers.ts";
import { freshPrefix } from "../../log/test/steps.ts";
import { checkWrongAnswers } from "../../log/test/wrong-answers.ts";
import { RedisLog } from "../src/redis-log.ts";
import type { RedisServer } from "./redis-server.ts";

/** How long an answer is waited for: more than one takes under load, less than a late one takes. */
const ANSWER_MS = 300;

// Answers of Redis have no names, and TCP keeps their order: what is missing or late holds up all that follows.
const FORM: AnswerForm = {
  part: (bytes) => ({ answers: [{ bytes, mayFail: true }], rest: bytes.subarray(bytes.length) }),
  isOrdered: true,
};

/** Use a log whose answers of Redis are missing, late or partial; one that comes twice TCP rules out. */
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
