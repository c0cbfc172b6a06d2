// Many readers in a process of their own. Started by run.mjs, with the certificate as a trusted one.
import { subscribe } from "@tidemark/client";

const { url, token, readers: count } = JSON.parse(process.argv[2] ?? "{}");
const headers = { Authorization: `Bearer ${token}` };
const MECHANISMS = ["sse", "long-polling", "polling"];
/** How long readers may take for the rest after the end, in milliseconds. */
const GRACE_MS = 120_000;

/** One reader: checks that the numbers come in order, and measures the longest pause between two messages. */
class Reader {
  mechanism;
  isWarm = false;
  seen = 0;
  lost = 0;
  repeated = 0;
  longestMs = 0;
  reconnects = 0;
  #lastMs = 0;
  #signal;

  constructor(index, signal) {
    this.mechanism = MECHANISMS[index % MECHANISMS.length];
    this.#signal = signal;
  }

  async read() {
    const onRetry = () => (this.reconnects += 1);
    const options = { mechanism: this.mechanism, headers, signal: this.#signal, onRetry };
    for await (const { data } of subscribe(url, options)) {
      if (data === "warm-up") {
        this.isWarm = true;
        continue;
      }
      const now = performance.now();
      if (this.#lastMs > 0) this.longestMs = Math.max(this.longestMs, now - this.#lastMs);
      this.#lastMs = now;
      if (data < this.seen) this.repeated += 1;
      else {
        this.lost += data - this.seen;
        this.seen = data + 1;
      }
    }
  }
}

const end = new AbortController();
const all = Array.from({ length: count }, (_, index) => new Reader(index, end.signal));
const reading = Promise.all(all.map((reader) => reader.read()));
reading.catch((error) => {
  console.error(error);
  process.exit(1);
});
/** Wait until every reader fulfils a condition. */
async function untilAll(holds) {
  while (!all.every(holds)) await new Promise((done) => setTimeout(done, 100));
}

process.on("message", async ({ type, published }) => {
  if (type === "end") return report(published);
  await untilAll(({ seen }) => seen >= published);
  process.send("caught up");
});
await untilAll(({ isWarm }) => isWarm);
process.send("reading");

/** Wait until each reader has come to the end of the channel, and tell what it got. */
async function report(published) {
  const timer = setTimeout(() => end.abort(), GRACE_MS);
  await reading;
  clearTimeout(timer);
  process.send(
    MECHANISMS.map((mechanism) => resultOf(mechanism, published)),
    () => process.exit(0),
  );
}

function resultOf(mechanism, published) {
  const those = all.filter((reader) => reader.mechanism === mechanism);
  const sum = (of) => those.reduce((total, reader) => total + of(reader), 0);
  return {
    mechanism,
    readers: those.length,
    read: sum(({ seen, lost }) => seen - lost),
    lost: sum(({ seen, lost }) => lost + published - seen),
    repeated: sum(({ repeated }) => repeated),
    reconnects: sum(({ reconnects }) => reconnects),
    longestPauseS: Number((Math.max(...those.map(({ longestMs }) => longestMs)) / 1_000).toFixed(1)),
  };
}
