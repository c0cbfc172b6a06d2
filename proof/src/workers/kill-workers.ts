// Ends workers in every way at random moments under load, and prints whether a request hung or a descriptor leaked.
//   npm run build, then: npm run kill-workers -w @tidemark/proof -- [seconds, 600 unless given] [workers, 4]
import { CommandUnderLoad, type Counts } from "./command-under-load.ts";

const [seconds = 600, workers = 4] = process.argv.slice(2).map(Number);
/** How long each command runs before it is stopped while its workers are killed. */
const ROUND_MS = 10_000;

const total: Counts = { answered: 0, cut: 0, hung: 0, killed: 0, leaked: 0, left: 0, lost: 0 };
const end = performance.now() + seconds * 1_000;
for (let round = 1; performance.now() < end; round += 1) {
  const command = await CommandUnderLoad.start(workers);
  const counts = await command.run(Math.min(ROUND_MS, Math.max(1_000, end - performance.now())));
  for (const name of Object.keys(total) as (keyof Counts)[]) total[name] += counts[name];
  console.log(`round ${round}:`, JSON.stringify(counts));
}
console.log(`${seconds} s, ${workers} workers:`, JSON.stringify(total));
const { hung, leaked, left, lost, killed, answered } = total;
process.exit(hung + leaked + left + lost === 0 && killed > 0 && answered > 0 ? 0 : 1);
