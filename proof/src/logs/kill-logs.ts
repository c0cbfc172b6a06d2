// Kills a server or its engine at random moments under load, and prints what was lost or doubled.
//   npm run build, then: npm run kill-logs -w @tidemark/proof -- [kills, 200 unless given] [a name, or part of some]
import { killUnderLoad, RIGS } from "./kills.ts";

const [kills = "200", part = ""] = process.argv.slice(2);

let isWhole = true;
const isAsked = (name: string): boolean => (part in RIGS ? name === part : name.includes(part));
for (const [name, start] of Object.entries(RIGS).filter(([name]) => isAsked(name))) {
  const outcome = await killUnderLoad(start, Number(kills), (kill) => {
    if (process.stderr.isTTY) process.stderr.write(`\r${name}: ${kill} of ${kills}`);
  });
  if (process.stderr.isTTY) process.stderr.write("\r\u001b[2K");
  console.log(`${kills} × kill -9 of ${name}:`, outcome);
  isWhole &&= outcome.lost + outcome.doubled + outcome.astray === 0;
}
process.exit(isWhole ? 0 : 1); // also ends the load balancer
