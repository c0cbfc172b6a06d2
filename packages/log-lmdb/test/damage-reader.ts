// Open each directory named on standard input, and print what is in its log: one line each.
import { createInterface } from "node:readline";
import { ProtocolError } from "@tidemark/protocol";
import { checkLog, LmdbLog } from "../src/index.ts";

/** What a reader saw in a channel. */
export interface Seen {
  readonly messages: string[];
  readonly gaps: number;
  readonly fault?: string;
}

/** The outcome for one directory. */
export interface Outcome {
  readonly opening?: string;
  readonly channels: Record<string, Seen>;
  readonly append?: string;
  readonly damage: number;
  readonly repaired: Record<string, Seen>;
}

const MAX_STEPS = 10_000;

/** Read a channel from its start to its end, continuing after each gap. */
async function readAll(log: LmdbLog, channel: string): Promise<Seen> {
  const messages: string[] = [];
  let [from, gaps] = ["start", 0];
  for (let step = 0; step < MAX_STEPS; step++) {
    try {
      const page = await log.read(channel, from, { maxMessages: 7 });
      messages.push(...page.messages.map(({ json }) => json));
      if (!page.more) return { messages, gaps };
      if (page.cursor === from) return { messages, gaps, fault: "it does not advance" };
      from = page.cursor;
    } catch (error) {
      if (!(error instanceof ProtocolError)) return { messages, gaps, fault: String(error) };
      if (error.code !== "gap") return { messages, gaps, fault: error.code };
      gaps += 1;
      from = String(error.members.start);
    }
  }
  return { messages, gaps, fault: "it does not end" };
}

async function readLog(log: LmdbLog): Promise<Record<string, Seen>> {
  const seen: Record<string, Seen> = {};
  for await (const channel of log.channels()) seen[channel] = await readAll(log, channel);
  return seen;
}

async function outcomeOf(directory: string): Promise<Outcome> {
  const options = { onError: () => {} };
  let channels: Record<string, Seen> = {};
  let [opening, append]: [string | undefined, string | undefined] = [undefined, undefined];
  try {
    const log = await LmdbLog.open(directory, options);
    channels = await readLog(log);
    append = await log.append("c1", [{ json: '"later"' }]).then(
      () => "stored",
      (error: ProtocolError) => error.code,
    );
    await log.dispose();
  } catch (error) {
    opening = error instanceof Error ? error.message : String(error);
  }
  const { damage, missing } = await checkLog(directory, { repair: true });
  const log = await LmdbLog.open(directory, options);
  const repaired = await readLog(log);
  await log.dispose();
  const outcome = { channels, damage: damage.length + missing.length, repaired };
  return { ...outcome, ...(opening !== undefined && { opening }), ...(append !== undefined && { append }) };
}

for await (const directory of createInterface(process.stdin)) {
  console.log(JSON.stringify(await outcomeOf(directory)));
}
