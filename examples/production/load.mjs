// Many readers and a publisher, in a process of their own. Started by run.mjs, with the certificate as a trusted one.
import { publish, subscribe } from "@tidemark/client";

const { url, token, readers: count, perSecond } = JSON.parse(process.argv[2] ?? "{}");
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

await publish(url, [{ data: "warm-up" }], { headers });
await untilAll(({ isWarm }) => isWarm);

let published = 0;
let stopped = false;
process.on("message", async (message) => {
  if (message === "stop") stopped = true;
  else {
    const present = published;
    await untilAll(({ seen }) => seen >= present);
    process.send("caught up");
  }
});
process.send("publishing");
const begin = performance.now();
while (!stopped) {
  const due = Math.floor(((performance.now() - begin) / 1_000) * perSecond) - published;
  for (let i = 0; i < due && !stopped; i += 1) await publish(url, [{ data: published++ }], { headers });
  await new Promise((done) => setTimeout(done, 1_000 / perSecond));
}
const seconds = (performance.now() - begin) / 1_000;
await publish(url, [], { headers, close: true }); // each reader ends at the end of the channel
const timer = setTimeout(() => end.abort(), GRACE_MS);
await reading;
clearTimeout(timer);

const results = MECHANISMS.map((mechanism) => {
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
});
process.send({ published, seconds, results }, () => process.exit(0));
