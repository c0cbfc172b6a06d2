import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { Exchange } from "../wire/exchange.ts";
import { buildRequest } from "../wire/request.ts";
import { ended, killGroup, lastOutput } from "./command.ts";

/** How the target is started. */
export interface StartOptions {
  readonly command: string;
  readonly cwd: string;
  /** Polled until it answers. */
  readonly readyUrl: string;
  readonly timeoutMs: number;
  readonly insecure: boolean;
  readonly signal: AbortSignal;
}

/** A target that the suite has started. */
export interface StartedTarget {
  /** Stop it and everything that it started. Idempotent. */
  stop(): Promise<void>;
}

/** The target did not start; the message says why, with the end of its output. */
export class StartError extends Error {
  override readonly name = "StartError";
}

/** How long one request to the ready URL may take, and the pause before the next. */
const LOOK_MS = 1_000;
const BETWEEN_LOOKS_MS = 50;

/** How long the target may take to exit after SIGTERM. */
const GRACE_MS = 5_000;

/**
 * Start the target and wait until it answers. It leads its own process group, which is stopped with the run,
 * or with this process however it ends.
 * @throws {StartError} when the target exits, or does not answer in time
 */
export async function startTarget(options: StartOptions): Promise<StartedTarget> {
  const { command, cwd, signal } = options;
  const child = spawn(command, { cwd, shell: true, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  const stdout = lastOutput(child.stdout);
  const stderr = lastOutput(child.stderr);
  const over = ended(child);
  const lastResort = (): void => killGroup(child, "SIGKILL");
  process.once("exit", lastResort);
  const stop = async (): Promise<void> => {
    await stopGroup(child);
    process.off("exit", lastResort);
  };
  const failure = await untilReady(options, child, over);
  if (failure === undefined && !signal.aborted) return { stop };
  await stop();
  const output = [stdout(), stderr()].filter((text) => text !== "").join("\n");
  const why = failure ?? "the run was stopped before the target was ready";
  throw new StartError(`${why}${output === "" ? "" : `; its last output:\n${output}`}`);
}

/** Resolves to undefined once the ready URL answers, or to the reason why it will not. */
async function untilReady(
  options: StartOptions,
  child: ChildProcess,
  over: Promise<number | undefined>,
): Promise<string | undefined> {
  const { command, readyUrl, timeoutMs, insecure, signal } = options;
  const end = over.then(
    (code) =>
      `the command ${JSON.stringify(command)} ended with ${code ?? "a signal"} before the target was ready`,
    (error: Error) => `the command ${JSON.stringify(command)} could not be started: ${error.message}`,
  );
  const deadline = Date.now() + timeoutMs;
  let failed: string | undefined;
  void end.then((text) => {
    failed = text;
  });
  while (Date.now() < deadline && !signal.aborted) {
    if (failed !== undefined) return failed;
    const look = new Exchange(buildRequest({ url: readyUrl }), { insecure });
    await look.until(() => look.status !== undefined, Math.min(LOOK_MS, deadline - Date.now()));
    look.abort();
    if (look.status !== undefined && child.exitCode === null) return undefined;
    await Promise.race([delay(BETWEEN_LOOKS_MS), end]);
  }
  return signal.aborted ? undefined : `nothing answered at ${readyUrl} within ${timeoutMs / 1000} s`;
}

async function stopGroup(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const exit = once(child, "exit");
    killGroup(child, "SIGTERM");
    await Promise.race([exit, delay(GRACE_MS, undefined, { ref: false })]);
  }
  killGroup(child, "SIGKILL"); // anything that it started and left behind
}
