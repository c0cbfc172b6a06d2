// One run, two libraries, one Redis: what a reader gets that is cut and resumes at random moments.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { RedisServer } from "../../../testing/engines/redis-server.ts";
import { endWithUs, killed } from "../../../testing/processes/children.ts";
import { sources } from "../../../tools/launch.mjs";
import { CutReader, type Resumption } from "./cut-reader.ts";
import { CHUNKS } from "./programs/chunks.mjs";

/** A library, and how its clients resume. */
export interface Library {
  readonly name: string;
  readonly program: string;
  readonly resumption: Resumption;
}

export const LIBRARIES: readonly Library[] = [
  {
    name: "@tidemark/resumable",
    program: "tidemark.mjs",
    resumption: {
      idOf: ({ headers }) => headers.get("tidemark-run"),
      resume: (url, { lastEventId }) => ({ url, headers: { "Last-Event-ID": lastEventId } }),
    },
  },
  {
    name: "resumable-stream 2.2.13",
    program: "resumable-stream.mjs",
    resumption: {
      idOf: ({ headers }) => headers.get("x-run"),
      resume: (url, { characters }) => ({ url: `${url}?resumeAt=${characters}`, headers: {} }),
    },
  },
];

/** What the readers of a library got, in all runs together. */
export interface Comparison {
  readonly cuts: number;
  /** Events that no reader of a run got, although it resumed until it was told that there is no more. */
  readonly lost: number;
  readonly repeated: number;
  /** Resumptions that were refused, because the run was over. */
  readonly refused: number;
  /** CPU time of both servers, in milliseconds for a thousand events that were produced. */
  readonly cpuMs: number;
  /** Lines of code of the application. */
  readonly lines: number;
}

interface Server {
  readonly child: ChildProcess;
  readonly origin: string;
}

async function start({ program }: Library, redis: string): Promise<Server> {
  const path = pathOf(program);
  const child = endWithUs(
    spawn(process.execPath, [...sources, path, redis], { stdio: ["ignore", "pipe", "inherit"] }),
  );
  const [origin] = (await once(createInterface(child.stdout), "line")) as [string];
  return { child, origin };
}

/** Run it `runs` times, with this many cuts each. Runs start at one server, and resume at another or the same. */
export async function compare(
  library: Library,
  redis: RedisServer,
  random: () => number,
  { runs, cuts }: { readonly runs: number; readonly cuts: number },
): Promise<Comparison> {
  const servers = await Promise.all([start(library, redis.url), start(library, redis.url)]);
  try {
    const before = await cpuMsOf(servers);
    let [lost, repeated, refused] = [0, 0, 0];
    for (let run = 0; run < runs; run += 1) {
      const reader = new CutReader(
        library.resumption,
        random,
        servers.map(({ origin }) => origin),
      );
      await reader.read(cuts, CHUNKS);
      lost += CHUNKS - new Set(reader.numbers).size;
      repeated += reader.numbers.length - new Set(reader.numbers).size;
      refused += reader.refused;
    }
    const cpuMs = ((await cpuMsOf(servers)) - before) / ((runs * CHUNKS) / 1_000);
    return { cuts: runs * cuts, lost, repeated, refused, cpuMs, lines: linesOf(library) };
  } finally {
    for (const { child } of servers) await killed(child);
  }
}

async function cpuMsOf(servers: readonly Server[]): Promise<number> {
  let sum = 0;
  for (const { origin } of servers) {
    const { user, system } = (await (await fetch(`${origin}/cpu`)).json()) as NodeJS.CpuUsage;
    sum += (user + system) / 1_000;
  }
  return sum;
}

function linesOf({ program }: Library): number {
  const lines = readFileSync(pathOf(program), "utf8").split("\n");
  const from = lines.findIndex((line) => line.startsWith("// The application"));
  return lines.indexOf("// Until here.") - from - 1;
}

function pathOf(program: string): string {
  return fileURLToPath(new URL(`programs/${program}`, import.meta.url));
}
