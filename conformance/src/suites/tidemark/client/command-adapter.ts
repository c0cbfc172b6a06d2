import { spawn } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import { ended, killGroup, lastOutput } from "../../../engine/process/command.ts";
import type { AdapterLink, AdapterListener, ConnectAdapter } from "./link.ts";

/** How long an adapter may take to end after `bye`. */
const GRACE_MS = 2_000;

/**
 * Run a command as the adapter. It speaks JSON lines on standard input and output; the end of its standard error is
 * kept as its last words.
 */
export function commandAdapter(command: string, cwd: string = process.cwd()): ConnectAdapter {
  return (listener) => connect(command, cwd, listener);
}

function connect(command: string, cwd: string, listener: AdapterListener): AdapterLink {
  const child = spawn(command, { cwd, shell: true, detached: true, stdio: "pipe" });
  const stderr = lastOutput(child.stderr);
  const lastResort = (): void => killGroup(child, "SIGKILL");
  process.once("exit", lastResort);
  const words = (): string => (stderr() === "" ? "" : `; its last words:\n${stderr()}`);
  const over = ended(child).then(
    (code) => `it ended with ${code === undefined ? "a signal" : `exit code ${code}`}${words()}`,
    (error: Error) => `it could not be started: ${error.message}`,
  );
  void over.then((why) => listener.gone(why));
  child.stdin.on("error", (error) => listener.gone(`it does not read its standard input: ${error.message}`));
  readLines(child.stdout, listener);
  return {
    send(order): void {
      child.stdin.write(`${toAscii(JSON.stringify(order))}\n`);
    },
    lastWords: stderr,
    async close(): Promise<void> {
      child.stdin.end();
      await Promise.race([over, delay(GRACE_MS, undefined, { ref: false })]);
      killGroup(child, "SIGKILL");
      process.off("exit", lastResort);
      await over;
    },
  };
}

/** Report each line as a value; only LF ends a line. The parts of a long line are joined once, at its end. */
function readLines(stdout: NodeJS.ReadableStream, listener: AdapterListener): void {
  let begun: string[] = [];
  stdout.setEncoding("utf8").on("data", (chunk: string) => {
    const [first = "", ...lines] = chunk.split("\n");
    begun.push(first);
    for (const begin of lines) {
      const line = begun.join("");
      if (line.trim() !== "") listener.told(parseLine(line));
      begun = [begin];
    }
  });
}

/** A line that is not JSON stays text, which the schema rejects. */
function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    return `${line.slice(0, 200)} (${error instanceof Error ? error.message : "not JSON"})`;
  }
}

/** JSON in ASCII, which no encoding on the way can change. */
function toAscii(json: string): string {
  return json.replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
