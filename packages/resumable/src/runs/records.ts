import type { Log } from "@tidemark/log";
import type { RawDraft, RawMessage, RawPage } from "@tidemark/protocol";

/** The events of the messages that are not blocks. */
export const RECORD = { run: "run", head: "head", tail: "tail", end: "end" } as const;

/** Why a run has ended. Only a `complete` run has everything that its producer had to say. */
export type RunEnd =
  | "complete"
  /** The upstream failed: its connection was cut, or it threw. */
  | "error"
  | "cancelled"
  /** Nobody read the run for `abandonMs`. */
  | "abandoned"
  /** The run exceeded `maxBytes` or `maxAgeMs`, or the log had no room. */
  | "limit"
  /** The process that produced the run has died, or was stopped. */
  | "lost";

/** What is known of a run from its first message on. */
export interface RunRecord {
  /** The process that produces it. */
  readonly node: string;
  /** Who started it; empty without credentials. */
  readonly owner: string;
}

/** The head of the upstream's answer. */
export interface HeadRecord {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

export function runDraft(record: RunRecord): RawDraft {
  return { event: RECORD.run, json: JSON.stringify(record) };
}

export function headDraft(record: HeadRecord): RawDraft {
  return { event: RECORD.head, json: JSON.stringify(record) };
}

export function endDraft(how: RunEnd, detail: string): RawDraft {
  return { event: RECORD.end, json: JSON.stringify({ how, ...(detail !== "" && { detail }) }) };
}

/** How a run ended, if this is its last message. */
export function endOf(message: RawMessage | undefined): { how: RunEnd; detail?: string } | undefined {
  return message?.event === RECORD.end ? JSON.parse(message.json) : undefined;
}

/** Whether the run ends with this page, and everything that its producer had to say was stored. */
export function isComplete(page: RawPage): boolean {
  return page.closed && endOf(page.messages.at(-1))?.how === "complete";
}

/** What the log knows of a run now. */
export interface KnownRun extends RunRecord {
  /** The head of the answer, if the upstream has answered. */
  readonly head: HeadRecord | undefined;
}

/** Read the beginning of a run; undefined if there is none. @throws ProtocolError as `Log.read` */
export async function readRun(log: Log, channel: string): Promise<KnownRun | undefined> {
  const { messages } = await log.read(channel, "start", { maxMessages: 2 });
  const [first, second] = messages;
  if (first?.event !== RECORD.run) return undefined;
  const head = second?.event === RECORD.head ? (JSON.parse(second.json) as HeadRecord) : undefined;
  return { ...(JSON.parse(first.json) as RunRecord), head };
}
