import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { mainOf } from "../../tools/launch.mjs";
import { endWithUs, killed } from "../processes/children.ts";

/** A server process, as `tidemark serve` starts it. */
export interface ServerNode {
  /** The URL of a channel of this node. */
  url(channel: string): string;
  readonly pid: number;
  /** Kill it with SIGKILL. */
  kill(): Promise<void>;
}

/** Start a server process on a free port. Resolves when it listens. */
export async function startNode(...args: readonly string[]): Promise<ServerNode> {
  const command = [...mainOf("packages/server"), "serve", "--port", "0", "--allow-remove", ...args];
  const child = endWithUs(spawn(process.execPath, command, { stdio: ["ignore", "pipe", "inherit"] }));
  const base = await baseOf(child);
  return {
    url: (channel) => base.replace("{channel}", channel),
    pid: child.pid ?? 0,
    kill: () => killed(child),
  };
}

async function baseOf({ stdout }: ChildProcess): Promise<string> {
  if (stdout === null) throw new Error("the server has no output stream");
  for await (const line of createInterface(stdout)) {
    const base = /^listening on (\S+)$/.exec(line)?.[1];
    if (base !== undefined) return base;
  }
  throw new Error("the server ended before it listened");
}
