import { ProtocolError } from "@tidemark/protocol";
import type { NatsServer } from "../../../testing/engines/nats-server.ts";
import { FaultyAnswers } from "../../../testing/proxies/faulty-answers.ts";
import { checkWrongAnswers } from "../../log/test/wrong-answers.ts";
import { NatsLog } from "../src/nats-log.ts";
import { freshStream, type OpenLog } from "./harness.ts";
import { partNatsAnswers } from "./nats-answers.ts";

/** The timeout of an answer: longer than an answer takes under load, shorter than a late one. */
const ANSWER_MS = 300;

/** Use a log whose NATS answers are missing, late, partial or duplicated. */
export async function wrongAnswers(
  server: NatsServer,
  numRuns: number,
  open: OpenLog = NatsLog.open,
): Promise<void> {
  const answers = await FaultyAnswers.to(server.port, { part: partNatsAnswers, isOrdered: false });
  const options = { stream: freshStream() };
  const servers = [`127.0.0.1:${answers.port}`];
  const address = { servers, timeout: ANSWER_MS, reconnectTimeWait: 5, reconnectJitter: 5 };
  const faulty = await opened(() => open(address, options));
  const whole = await NatsLog.open(server.url, options);
  try {
    await checkWrongAnswers(
      { faulty, whole, answers },
      ["missing", "late", "partial", "duplicated"],
      numRuns,
    );
  } finally {
    await Promise.all([faulty.dispose(), whole.dispose()]);
    await answers.close();
  }
}

/** How often a log is opened: on a busy machine, a connection can take longer than an answer may. */
const TRIES = 20;

async function opened(open: () => Promise<NatsLog>): Promise<NatsLog> {
  for (let tries = 1; ; tries += 1)
    try {
      return await open();
    } catch (error) {
      const isBusy = error instanceof ProtocolError && error.code === "unavailable";
      if (!isBusy || tries === TRIES) throw error;
    }
}
