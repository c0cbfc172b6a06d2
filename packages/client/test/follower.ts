// A program that follows a channel and writes down what it handles: `follower.ts <mechanism> <url> <file>`. The file is
// also where it keeps its place, so that what was handled and the cursor can never disagree, whenever it is killed.
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
  save() {}, // done when it was handled
};

await subscribe<number>(url, { mechanism, store, waitS: 2 }).forEach(({ cursor, data }) => {
  appendFileSync(file, `${cursor} ${data}\n`);
  process.stdout.write(".");
});
