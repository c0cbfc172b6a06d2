// Append in rounds of many concurrent appends, and print a line when each round is acknowledged.
import { writeSync } from "node:fs";
import { type Durability, LmdbLog } from "../src/index.ts";

const [directory = "", durability = "", rounds = "", publishers = ""] = process.argv.slice(2);

const log = await LmdbLog.open(directory, { durability: durability as Durability });
await log.append("news", [{ json: "0" }]);
writeSync(1, "BEGIN\n");
for (let round = 0; round < Number(rounds); round++) {
  const append = (_: unknown, i: number) => log.append(`channel ${i}`, [{ json: `${round}` }]);
  await Promise.all(Array.from({ length: Number(publishers) }, append));
  writeSync(1, "ACK\n");
}
process.kill(process.pid, "SIGKILL"); // no cleanup after the observed system calls
