import type { JetStreamManager, StreamConfig } from "@nats-io/jetstream";
import { headers, type MsgHdrs } from "@nats-io/transport-node";
import type { Names } from "../src/names.ts";
import { HEADER, type RecordHead } from "../src/record.ts";

/** A message of the stream, which may be changed before it is put back. */
export interface StreamMessage {
  readonly number: number;
  readonly subject: string;
  readonly data: Uint8Array;
  /** Absent in what is no record. */
  readonly head?: RecordHead;
}

/**
 * Make the stream anew of what it held, each message at its number, as the restore of a backup does. What NATS knew of
 * the ids of messages is forgotten with it.
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
  // What comes next takes the numbers of what is not put back.
  const last = Math.max(...byNumber.keys());
  for (let number = 1; number <= last; number++) {
    const message = byNumber.get(number);
    if (!message) holes.push(number);
    const ack = await client.publish(
      message?.subject ?? names.written("a hole"),
      message?.data,
      headersOf(message?.head),
    );
    if (ack.seq !== number) throw new Error(`put back as ${ack.seq}: ${number}`);
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
