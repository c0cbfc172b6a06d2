import { test } from "uvu";
import { type AnswerForm, FaultyAnswers } from "../../log/test/faulty-answers.ts";
import { freshPrefix } from "../../log/test/steps.ts";
import { checkWrongAnswers } from "../../log/test/wrong-answers.ts";
import { RedisServer } from "../test/redis-server.ts";
import { RedisLog } from "./redis-log.ts";

/** How long an answer is waited for: more than one takes under load, less than a late one takes. */
const ANSWER_MS = 300;

const server = await RedisServer.start();
test.after(() => server.stop());

// Answers of Redis have no names, and TCP keeps their order: what is missing or late holds up all that follows.
const FORM: AnswerForm = {
  part: (bytes) => ({ answers: [{ bytes, mayFail: true }], rest: bytes.subarray(bytes.length) }),
  isOrdered: true,
};

test("answers that are missing, late or partial lose nothing", async () => {
  const answers = await FaultyAnswers.to(server.port, FORM);
  const prefix = freshPrefix();
  const address = { host: "127.0.0.1", port: answers.port, socketTimeout: ANSWER_MS, retryStrategy: () => 5 };
  const [faulty, whole] = [
    await RedisLog.open(address, { prefix }),
    await RedisLog.open(server.url, { prefix }),
  ];
  try {
    await checkWrongAnswers({ faulty, whole, answers }, ["missing", "late", "partial"], 10);
  } finally {
    await Promise.all([faulty.dispose(), whole.dispose()]);
    await answers.close();
  }
});

test.run();
