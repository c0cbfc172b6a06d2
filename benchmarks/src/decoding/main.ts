// Measures how fast a client decodes, compared with eventsource-parser and JSON.parse, and whether its memory stays flat.
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { median } from "../load/statistics.ts";
import { machine } from "../report/machine.ts";
import { CASES } from "./cases.mjs";

const HELP = `Measures the cost of decoding in a client, as ratios within one run.

Usage: npm run bench:decoding -- [--rounds <n>] [--short] [--write]

  --rounds <n>  rounds of each case (7; 5 with --short); the decoders alternate, each time in a fresh process
  --short       a fifth of the messages
  --write       also write results/<date>-decoding.md`;

interface Pass {
  readonly cpuMs: number;
  readonly found: { readonly messages: number; readonly length: number };
}

const { values } = parseArgs({
  options: {
    rounds: { type: "string" },
    short: { type: "boolean", default: false },
    write: { type: "boolean", default: false },
    help: { type: "boolean", short: "h", default: false },
  },
});
const rounds = Number(values.rounds ?? (values.short ? 5 : 7));
if (values.help) console.log(HELP);
else if (!Number.isInteger(rounds) || rounds < 1) {
  console.error(`--rounds has to be a whole number of at least 1\n\n${HELP}`);
  process.exitCode = 2;
} else {
  const date = new Date().toISOString().slice(0, 10);
  const report = measure(date, rounds, values.short ? 20_000 : 100_000);
  const file = fileURLToPath(new URL(`../../results/${date}-decoding.md`, import.meta.url));
  if (values.write) writeFileSync(file, `# Decoding, ${date}\n\n${report.join("\n")}\n`);
}

/** The lines of the report; each is also printed at once. */
function measure(date: string, rounds: number, messages: number): readonly string[] {
  const lines: string[] = [];
  const say = (line: string): void => {
    lines.push(line);
    console.log(line);
  };
  say(`${date}, ${machine()}; ${rounds} rounds of ${messages} messages\n`);
  say("| decoded | reference | ns per message | Tidemark | times as fast | spread |");
  say("|---|---|---:|---:|---:|---:|");
  for (const name of Object.keys(CASES)) say(rowOf(name, "eventsource-parser", rounds, messages));
  say(rowOf("pages", "JSON.parse", rounds, messages));
  const { seen, heap } = JSON.parse(run("memory.mjs", String(10 * messages))) as {
    readonly seen: number;
    readonly heap: readonly number[];
  };
  say(`\nHeap while a client follows a stream of ${seen} messages, MiB after each tenth: ${heap.join(" ")}`);
  return lines;
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
