// Lets the authorize hook fail, report overload and hang under load, and prints what readers received:
//   npm run hook-outages -w @tidemark/proof -- [seconds, 600 unless given]
import { surviveOutages } from "./outages.ts";

const [seconds = "600"] = process.argv.slice(2);
if (!(Number(seconds) > 0)) throw new RangeError("the number of seconds must be greater than 0");

const outcome = await surviveOutages(Number(seconds) * 1_000, (outage, mode, report) => {
  if (process.stderr.isTTY)
    process.stderr.write(`\r\u001b[2Koutage ${outage}, the hook ${mode}: ${report.streams} streams`);
});
console.log(`${seconds} s:`, outcome);
const { published, astray, hung, reopened, leaked, left, unreached } = outcome;
process.exitCode =
  published > 0 && astray + hung + Math.abs(reopened) + leaked + left + unreached.length === 0 ? 0 : 1;
