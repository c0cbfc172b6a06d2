// How fast a client decodes, beside eventsource-parser and JSON.parse, and whether its memory stays flat.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { median } from "../load/statistics.ts";
import { machine } from "../report/machine.ts";
import { CASES } from "./cases.mjs";

const HELP = `Measures what a client spends on decoding, as ratios within one run.

Usage: npm run bench:decoding -- [--rounds <n>] [--short]

  --rounds <n>  rounds of each case (7; 5 with --short); the decoders take turns, each time in a fresh process
  --short       a fifth of the messages`;

interface Pass {
  readonly cpuMs: number;
  readonly found: { readonly messages: number; readonly length: number };
}

const { values } = parseArgs({
  options: {
    rounds: { type: "string" },
    short: { type: "boolean", default: false },
    help: { type: "boolean", short: "h", default: false },
  },
});
const rounds = Number(values.rounds ?? (values.short ? 5 : 7));
if (values.help) console.log(HELP);
else if (!Number.isInteger(rounds) || rounds < 1) {
  console.error(`--rounds has to be a whole number from 1\n\n${HELP}`);
  process.exitCode = 2;
} else measure(rounds, values.short ? 20_000 : 100_000);

function measure(rounds: number, messages: number): void {
  console.log(
    `${new Date().toISOString().slice(0, 10)}, ${machine()}; ${rounds} rounds of ${messages} messages\n`,
  );
  console.log("| decoded | reference | ns per message | Tidemark | times as fast | spread |");
  console.log("|---|---|---:|---:|---:|---:|");
  for (const name of Object.keys(CASES)) {
    console.log(rowOf(name, "eventsource-parser", rounds, messages));
  }
  console.log(rowOf("pages", "JSON.parse", rounds, messages));
  const { seen, heap } = JSON.parse(run("memory.mjs", String(10 * messages))) as {
    readonly seen: number;
    readonly heap: readonly number[];
  };
  console.log(
    `\nHeap while a client follows a stream of ${seen} messages, MiB after each tenth: ${heap.join(" ")}`,
  );
}

function rowOf(name: string, reference: string, rounds: number, messages: number): string {
  const cpuMs = (decoder: string): number => {
    const pass = JSON.parse(run("decode.mjs", name, decoder, String(messages))) as Pass;
    if (pass.found.messages !== messages) throw new Error(`${decoder} found ${pass.found.messages} messages`);
    return pass.cpuMs;
  };
  const pairs = Array.from({ length: rounds }, () => [cpuMs(reference), cpuMs("tidemark")] as const);
  const ratios = pairs.map(([base, own]) => base / own);
  const [base, own] = [0, 1].map((i) =>
    ((median(pairs.map((pair) => pair[i] ?? 0)) * 1e6) / messages).toFixed(0),
  );
  const spread = `${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)}`;
  return `| ${name} | ${reference} | ${base} | ${own} | ${median(ratios).toFixed(2)} | ${spread} |`;
}

function run(program: string, ...args: readonly string[]): string {
  const path = fileURLToPath(new URL(program, import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--expose-gc", path, ...args], {
    encoding: "utf8",
    maxBuffer: 2 ** 24,
  });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")} ended with ${status}: ${stderr}`);
  return stdout;
}
