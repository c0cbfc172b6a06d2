// Chromium by its own protocol, without an automation tool: such tools keep pages out of the back/forward cache, and
// pretend that every page is visible.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { ensureProgram } from "../../../tools/ensure.mjs";

interface Reply {
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

const ARGUMENTS = [
  "--headless",
  "--remote-debugging-pipe",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--disable-sync",
  "--disable-background-networking",
  "--disable-component-update",
  "--no-first-run",
];

/** A running Chromium. */
export class DevTools {
  readonly #process: ChildProcess;
  readonly #folder: string;
  readonly #commands: Writable;
  readonly #waiting = new Map<number, (reply: Reply) => void>();
  #sent = 0;

  constructor(process: ChildProcess, folder: string) {
    this.#process = process;
    this.#folder = folder;
    this.#commands = process.stdio[3] as Writable;
    let rest = "";
    const replies = process.stdio[4] as Readable;
    replies.setEncoding("utf8").on("data", (text: string) => {
      const lines = (rest + text).split("\0");
      rest = lines.pop() ?? "";
      for (const line of lines) this.#take(JSON.parse(line));
    });
  }

  #take(reply: Reply): void {
    const resolve = this.#waiting.get(reply.id ?? 0);
    this.#waiting.delete(reply.id ?? 0);
    resolve?.(reply);
  }

  /** Send a command; rejects if Chromium refuses it. */
  async send<T>(method: string, params: object = {}, sessionId?: string): Promise<T> {
    const id = this.post(method, params, sessionId);
    const { result, error } = await new Promise<Reply>((resolve) => this.#waiting.set(id, resolve));
    if (error) throw new Error(`${method}: ${error.message}`);
    return result as T;
  }

  /** Send a command whose answer does not matter; returns its number. */
  post(method: string, params: object, sessionId?: string): number {
    const id = ++this.#sent;
    this.#commands.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    return id;
  }

  async close(): Promise<void> {
    const closed = once(this.#process, "close");
    this.#process.kill("SIGKILL");
    await closed;
    await rm(this.#folder, { recursive: true, maxRetries: 10, retryDelay: 100 });
  }
}

/** Start Chromium with a new profile. */
export async function startChromium(): Promise<DevTools> {
  const folder = await mkdtemp(join(tmpdir(), "chromium-"));
  const args = [...ARGUMENTS, `--user-data-dir=${folder}`, "about:blank"];
  const stdio = ["ignore", "ignore", "ignore", "pipe", "pipe"] as const;
  const process = spawn(ensureProgram("chromium"), args, { stdio: [...stdio] });
  await once(process, "spawn");
  return new DevTools(process, folder);
}
