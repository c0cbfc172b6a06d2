// Cuts the link between a server and its engine at random moments under load, and prints what was lost or doubled.
//   npm run build, then: npm run cut-logs -w @tidemark/proof -- [seconds for each engine, 600 unless given] [NATS or Redis]
import { cutUnderLoad, ENGINES, isWhole } from "./cuts.ts";

const [seconds = "600", asked = ""] = process.argv.slice(2);

let whole = true;
for (const name of Object.keys(ENGINES) as (keyof typeof ENGINES)[]) {
  if (!name.includes(asked)) continue;
  const outcome = await cutUnderLoad(name, Number(seconds), (cuts) => {
    if (process.stderr.isTTY) process.stderr.write(`\r${name}: ${cuts} cuts`);
  });
  if (process.stderr.isTTY) process.stderr.write("\r\u001b[2K");
  console.log(`${seconds} s of cuts beneath a server on ${name}:`, outcome);
  whole &&= isWhole(outcome);
}
process.exit(whole ? 0 : 1);
