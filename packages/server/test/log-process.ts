// A process that holds logs in memory for its parent, and runs the functions of the contract's harness on them.
import type { LogUnderTest } from "@tidemark/log-contract";
import { memoryHarness } from "@tidemark/log-memory/harness";
import type { LogCall } from "../src/workers/log-calls.ts";
import { LogOwner } from "../src/workers/log-owner.ts";

/** A message to the process: a call by a node to the log of a test, or a function of its harness. */
export type ToLogProcess =
  | { readonly subject: number; readonly node: number; readonly call: LogCall }
  | {
      readonly subject: number;
      readonly id: number;
      readonly act: "create" | "trim" | "lose" | "expireKeys" | "restart" | "dispose";
      readonly args: readonly unknown[];
    };

interface Held {
  readonly under: LogUnderTest;
  log: LogUnderTest["log"];
  /** One for each node, as the command has one for each worker. */
  readonly owners: Map<number, LogOwner>;
}

const harness = memoryHarness({ durable: true });
const subjects = new Map<number, Held>();
const send = (message: unknown): void => void process.send?.(message);

process.on("message", async (message: ToLogProcess) => {
  if ("call" in message) await ownerFor(message.subject, message.node).take(message.call);
  else send({ subject: message.subject, done: message.id, value: await act(message) });
});

function ownerFor(subject: number, node: number): LogOwner {
  const { log, owners } = heldBy(subject);
  const owner = owners.get(node) ?? new LogOwner(log, (reply) => send({ subject, node, reply }));
  owners.set(node, owner);
  return owner;
}

function heldBy(subject: number): Held {
  const held = subjects.get(subject);
  if (held === undefined) throw new Error(`no log ${subject}`);
  return held;
}

async function act({ subject, act, args }: Exclude<ToLogProcess, { call: unknown }>): Promise<void> {
  if (act === "create") {
    const under = await harness.create();
    subjects.set(subject, { under, log: under.log, owners: new Map() });
    return;
  }
  const held = heldBy(subject);
  if (act === "restart") {
    held.owners.clear();
    held.log = (await held.under.restart?.()) ?? held.log;
  } else await (held.under[act] as (...args: unknown[]) => Promise<void>).apply(held.under, [...args]);
}
