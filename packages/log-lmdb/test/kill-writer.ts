// A process that appends as fast as it can until it is killed. It first retries the appends named on its
// standard input. It prints one line for each acknowledged append.
import { readFileSync, writeSync } from "node:fs";
import { LmdbLog } from "../src/lmdb-log.ts";

const [directory = "", run = "", durability] = process.argv.slice(2);
const APPENDERS = 12;

const log = await LmdbLog.open(directory, { durability: durability === "disk" ? "disk" : "process" });

async function append(name: string): Promise<void> {
  const drafts = [0, 1].map((half) => ({ json: JSON.stringify(`${name}/${half}`) }));
  writeSync(1, `begun ${name}\n`);
  const channel = `channel-${name.length % 2}`;
  const { cursors } = await log.append(channel, drafts, { key: { id: name, digest: name } });
  writeSync(1, `acknowledged ${name} ${cursors.join(" ")}\n`);
}

for (const name of readFileSync(0, "utf8").split("\n").filter(Boolean)) await append(name);
writeSync(1, "ready\n");
await Promise.all(
  Array.from({ length: APPENDERS }, async (_, appender) => {
    for (let i = 0; ; i++) await append(`${run}.${appender}.${i}`);
  }),
);
