// Kills 200 writers (or as many as the first argument says) under load, half of them with each durability,
// and reports what happened to the acknowledged messages: node --conditions=source --import tsx
// scripts/kill.ts [200]
import { killWriters } from "../test/killing.ts";

const kills = Number(process.argv[2] ?? 200);
let isWhole = true;
for (const durability of ["process", "disk"] as const) {
  const outcome = await killWriters(Math.ceil(kills / 2), durability);
  console.log(`durability ${durability}:`, outcome);
  isWhole &&= outcome.lost + outcome.doubled + outcome.moved === 0;
}
process.exitCode = isWhole ? 0 : 1;
