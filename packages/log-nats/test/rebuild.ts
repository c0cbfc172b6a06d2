import type { JetStreamManager, StreamConfig } from "@nats-io/jetstream";
import { headers, type MsgHdrs } from "@nats-io/transport-node";
import type { Names } from "../src/names.ts";
import { HEADER, type RecordHead } from "../src/record.ts";

/** A message of the stream, which can be changed before it is restored. */
export interface StreamMessage {
  readonly number: number;
  readonly subject: string;
  readonly data: Uint8Array;
  /** Absent if the message is not a record. */
  readonly head?: RecordHead;
}

/**
 * Recreate the stream with its messages at the same numbers, as restoring a backup does. NATS forgets the ids
 * of messages in the process.
 */
export async function rebuild(
  manager: JetStreamManager,
  names: Names,
  change: (messages: readonly StreamMessage[]) => readonly StreamMessage[],
): Promise<void> {
  const { config, state } = await manager.streams.info(names.stream);
  const messages: StreamMessage[] = [];
  for (let number = state.first_seq; number <= state.last_seq; number++) {
    const found = await manager.streams.getMessage(names.stream, { seq: number });
    if (found) messages.push({ number, subject: found.subject, data: found.data, ...headOf(found.header) });
  }
  await manager.streams.delete(names.stream);
  await manager.streams.add(config as StreamConfig & { name: string });
  await putBack(manager, names, change(messages));
}

async function putBack(
  manager: JetStreamManager,
  names: Names,
  messages: readonly StreamMessage[],
): Promise<void> {
  const client = manager.jetstream();
  const byNumber = new Map(messages.map((message) => [message.number, message]));
  const holes: number[] = [];
  // New messages take the numbers of messages that are not restored.
  const last = Math.max(...byNumber.keys());
  for (let number = 1; number <= last; number++) {
    const message = byNumber.get(number);
    if (!message) holes.push(number);
    const ack = await client.publish(
      message?.subject ?? names.written("a hole"),
      message?.data,
      headersOf(message?.head),
    );
    if (ack.seq !== number) throw new Error(`message ${number} was restored as ${ack.seq}`);
  }
  for (const number of holes) await manager.streams.deleteMessage(names.stream, number, false);
}

function headOf(header: MsgHdrs): { readonly head?: RecordHead } {
  const text = header.get(HEADER);
  return text === "" ? {} : { head: JSON.parse(text) };
}

function headersOf(head: RecordHead | undefined): { headers?: MsgHdrs } {
  if (!head) return {};
  const written = headers();
  written.set(HEADER, JSON.stringify(head));
  return { headers: written };
}
