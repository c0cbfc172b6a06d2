import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { sources } from "../../../tools/launch.mjs";
import { type Durability, LmdbLog } from "../src/index.ts";
import { temporaryDirectory } from "./lmdb-harness.ts";

const writer = fileURLToPath(new URL("kill-writer.ts", import.meta.url));
const CHANNELS = ["channel-0", "channel-1"];

/** What happened to the messages of killed writers. */
export interface Outcome {
  readonly kills: number;
  /** The number of acknowledged appends. */
  readonly acknowledged: number;
  /** Appends that the next writer retried, because their writer was killed before the acknowledgement. */
  readonly sentAgain: number;
  readonly lost: number;
  readonly doubled: number;
  /** Messages that are not at their acknowledged position. */
  readonly moved: number;
}

/** Kill one writer after another at random moments under load, all on the same directory, then check it. */
export async function killWriters(kills: number, durability: Durability): Promise<Outcome> {
  const directory = await temporaryDirectory();
  const cursorOf = new Map<string, string>();
  let open: readonly string[] = [];
  let sentAgain = 0;
  try {
    for (let run = 0; run < kills; run++) {
      sentAgain += open.length;
      open = await runUntilKilled([directory, String(run), durability], open, cursorOf);
    }
    const found = await contents(directory, durability);
    return { kills, sentAgain, acknowledged: cursorOf.size / 2, ...compare(found, cursorOf) };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Run a writer, kill it, and record its acknowledgements. Returns the appends without an acknowledgement. */
async function runUntilKilled(
  args: readonly string[],
  again: readonly string[],
  cursorOf: Map<string, string>,
): Promise<readonly string[]> {
  const child = spawn(process.execPath, [...sources, writer, ...args]);
  const output = { out: "", err: "" };
  child.stderr.setEncoding("utf8").on("data", (text) => (output.err += text));
  child.stdin.end(again.join("\n"));
  const killed = new Promise<void>((resolve) => {
    child.stdout.setEncoding("utf8").on("data", (text) => {
      output.out += text;
      if (output.out.includes("ready\n")) resolve();
    });
  }).then(() => killSoon(child));
  await Promise.race([killed, once(child, "close")]);
  if (child.exitCode === null && child.signalCode === null) await once(child, "close");
  if (child.signalCode !== "SIGKILL")
    throw new Error(`The writer exited before it was killed: ${output.err}`);
  return noteLines(output.out, again, cursorOf);
}

/** Kill at a random moment under load: early or late in a commit, before or after its sync. */
async function killSoon(child: ChildProcess): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, Math.random() * 60));
  child.kill("SIGKILL");
}

function noteLines(out: string, again: readonly string[], cursorOf: Map<string, string>): readonly string[] {
  const open = new Set(again);
  const lines = out.slice(0, out.lastIndexOf("\n")).split("\n"); // the last line may be incomplete
  for (const line of lines) {
    const [what, name = "", ...cursors] = line.split(" ");
    if (what === "begun") open.add(name);
    if (what !== "acknowledged") continue;
    open.delete(name);
    for (const [half, cursor] of cursors.entries()) cursorOf.set(`${name}/${half}`, cursor);
  }
  return [...open];
}

/** The current cursors of each message. */
async function contents(directory: string, durability: Durability): Promise<Map<string, string[]>> {
  const log = await LmdbLog.open(directory, { durability });
  const found = new Map<string, string[]>();
  for (const channel of CHANNELS) {
    const { messages } = await log.read(channel, "start", { maxMessages: 1_000_000 });
    for (const { json, cursor } of messages) {
      const name: string = JSON.parse(json);
      found.set(name, [...(found.get(name) ?? []), cursor]);
    }
  }
  await log.dispose();
  return found;
}

function compare(
  found: ReadonlyMap<string, readonly string[]>,
  cursorOf: ReadonlyMap<string, string>,
): Pick<Outcome, "lost" | "doubled" | "moved"> {
  const names = [...cursorOf.keys()];
  return {
    lost: names.filter((name) => !found.has(name)).length,
    doubled: [...found.values()].filter((cursors) => cursors.length > 1).length,
    moved: names.filter((name) => found.get(name)?.at(0) !== cursorOf.get(name)).length,
  };
}
