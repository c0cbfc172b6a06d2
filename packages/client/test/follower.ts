// A program that follows a channel and records each handled message: `follower.ts <mechanism> <url> <file>`.
// The file is also its cursor store, so messages and cursor always agree, whenever the program is killed.
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { type CursorStore, type SubscribeOptions, subscribe } from "../src/index.ts";

const [mechanism, url, file] = process.argv.slice(2) as [
  SubscribeOptions["mechanism"] & string,
  string,
  string,
];

const store: CursorStore = {
  load() {
    const lines = existsSync(file) ? readFileSync(file, "utf8").trimEnd().split("\n") : [];
    return lines.at(-1)?.split(" ")[0];
  },
  save() {}, // the handler has written the cursor already
};

await subscribe<number>(url, { mechanism, store, waitS: 2 }).forEach(({ cursor, data }) => {
  appendFileSync(file, `${cursor} ${data}\n`);
  process.stdout.write(".");
});
