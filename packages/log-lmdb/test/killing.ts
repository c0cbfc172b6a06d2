import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { type Durability, LmdbLog } from "../src/index.ts";
import { temporaryDirectory } from "./lmdb-harness.ts";

const writer = fileURLToPath(new URL("kill-writer.ts", import.meta.url));
const CHANNELS = ["channel-0", "channel-1"];

/** What became of the messages of writers that were killed. */
export interface Outcome {
  readonly kills: number;
  /** Appends whose success was told. */
  readonly acknowledged: number;
  /** Appends that were sent again by the next writer, since their writer was killed before it told. */
  readonly sentAgain: number;
  readonly lost: number;
  readonly doubled: number;
  /** Messages that stand elsewhere than their acknowledgement said. */
  readonly moved: number;
}

/** Kill writer after writer at random moments under load, each on what the one before left; then look. */
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

/** Run a writer, kill it, and note what it acknowledged; answers what it had begun and not acknowledged. */
async function runUntilKilled(
  args: readonly string[],
  again: readonly string[],
  cursorOf: Map<string, string>,
): Promise<readonly string[]> {
  const child = spawn(process.execPath, ["--conditions=source", "--import", "tsx", writer, ...args]);
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
  if (child.signalCode !== "SIGKILL") throw new Error(`The writer ended by itself: ${output.err}`);
  return noteLines(output.out, again, cursorOf);
}

/** At a random moment of the load: early and late in a commit, before and after its sync. */
async function killSoon(child: ChildProcess): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, Math.random() * 60));
  child.kill("SIGKILL");
}

function noteLines(out: string, again: readonly string[], cursorOf: Map<string, string>): readonly string[] {
  const open = new Set(again);
  const lines = out.slice(0, out.lastIndexOf("\n")).split("\n"); // the last may be cut
  for (const line of lines) {
    const [what, name = "", ...cursors] = line.split(" ");
    if (what === "begun") open.add(name);
    if (what !== "acknowledged") continue;
    open.delete(name);
    for (const [half, cursor] of cursors.entries()) cursorOf.set(`${name}/${half}`, cursor);
  }
  return [...open];
}

/** The cursors of each message, as the log has them now. */
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
