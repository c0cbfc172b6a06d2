// Runs one decoder on one case. Each runs in its own process, as in an application: if two decoders alternated in one
// process, the compiler would optimize shared code for both. Prints the median CPU milliseconds of several passes.
// Usage: node decode.mjs <case> <decoder> <messages>
import { CASES, pageTexts, streamChunks } from "./cases.mjs";
import { PAGE_DECODERS, STREAM_DECODERS } from "./decoders.mjs";

const WARM_UP = 10;
const PASSES = 11;

const [name = "", decoder = "", messages = "100000"] = process.argv.slice(2);
const isPages = name === "pages";
const shape = CASES[isPages ? "200 bytes, chunks of 64 KiB" : name];
const input = (isPages ? pageTexts : streamChunks)(Number(messages), shape);
const decode = (isPages ? PAGE_DECODERS : STREAM_DECODERS)[decoder];

const passesMs = [];
let found;
for (let pass = -WARM_UP; pass < PASSES; pass += 1) {
  const before = process.cpuUsage();
  found = decode(input);
  const { user, system } = process.cpuUsage(before);
  if (pass >= 0) passesMs.push((user + system) / 1_000);
}
const cpuMs = passesMs.sort((a, b) => a - b)[Math.floor(PASSES / 2)];
console.log(JSON.stringify({ cpuMs, found }));
