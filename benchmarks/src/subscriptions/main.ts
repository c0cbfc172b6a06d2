// Measures what many subscriptions in one process cost, compared with the npm package `eventsource`.
import { fork, spawnSync } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { median } from "../load/statistics.ts";
import { machine } from "../report/machine.ts";

const HELP = `Measures the memory and the CPU time of many subscriptions in one process.

Usage: npm run bench:subscriptions -- [--rounds <n>] [--count <n>]

  --rounds <n>  rounds (5); the clients alternate, each time in a fresh process
  --count <n>   subscriptions to one stream (500)`;

const CLIENTS = ["eventsource", "EventSource", "subscribe", "subscribe, Node's fetch", "readEventStream"];

interface Cost {
  readonly cpuMs: number;
  readonly rss: number;
  readonly heap: number;
  readonly external: number;
}

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    count: { type: "string", default: "500" },
    help: { type: "boolean", short: "h", default: false },
  },
});
if (values.help) console.log(HELP);
else await measure(Number(values.rounds), values.count);

async function measure(rounds: number, count: string): Promise<void> {
  const server = fork(fileURLToPath(new URL("serve.ts", import.meta.url)));
  const [{ port }] = (await once(server, "message")) as [{ port: number }];
  const url = `http://127.0.0.1:${port}/channels/news`;
  console.log(`${machine()}; ${count} subscriptions, medians of ${rounds} rounds\n`);
  const costs = new Map<string, Cost[]>(CLIENTS.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++)
    for (const [name, all] of costs) all.push(follow(name, url, count));
  console.log("| client | resident MiB | heap MiB | outside the heap, MiB | CPU ms |");
  console.log("|---|---:|---:|---:|---:|");
  for (const [name, all] of costs) {
    const of = (key: keyof Cost): string => median(all.map((cost) => cost[key])).toFixed(1);
    console.log(`| ${name} | +${of("rss")} | +${of("heap")} | +${of("external")} | ${of("cpuMs")} |`);
  }
  server.kill();
}

function follow(name: string, url: string, count: string): Cost {
  const program = fileURLToPath(new URL("follow.mjs", import.meta.url));
  const words = ["--expose-gc", program, name, url, count];
  const { stdout, stderr, status } = spawnSync(process.execPath, words, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${name}: ${stderr}`);
  return JSON.parse(stdout) as Cost;
}
