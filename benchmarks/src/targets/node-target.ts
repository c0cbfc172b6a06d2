import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Dialect, Inside, Started, Target } from "./target.ts";

const TSX = import.meta.resolve("tsx");

/** A target that is a Node program in `../servers`; it sends its port when it listens. */
export function nodeTarget(name: string, title: string, program: string, dialect: Dialect): Target {
  return { name, title, dialect, start: () => start(program) };
}

async function start(program: string): Promise<Started> {
  const path = fileURLToPath(new URL(`../servers/${program}`, import.meta.url));
  const { BENCH_PROFILE: folder } = process.env;
  const profiling = folder === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${folder}`];
  const child = fork(path, {
    execArgv: ["--import", TSX, "--expose-gc", ...profiling],
  });
  const ended = once(child, "exit").then(([code]) => {
    throw new Error(`${program} ended with ${code}`);
  });
  ended.catch(() => undefined); // each race below reports the failure
  const [first] = await Promise.race([once(child, "message"), ended]);
  const { port } = first as { readonly port: number };
  const inside = async (): Promise<Inside> => {
    child.send("inside");
    const [message] = await Promise.race([once(child, "message"), ended]);
    return message as Inside;
  };
  const stop = async (): Promise<void> => {
    if (folder === undefined) child.kill("SIGKILL");
    else child.disconnect(); // the program then exits by itself and writes its profile
    await ended.catch(() => undefined);
  };
  return { port, pid: child.pid ?? 0, inside, stop };
}
