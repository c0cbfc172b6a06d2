// Three nodes on one Redis behind nginx: nodes are killed at random, and no reader loses a message.
//   npm run build && node examples/cluster/run.mjs [seconds]
//   node examples/cluster/run.mjs --serve      only starts the cluster and prints its URL
import { publish, subscribe } from "@tidemark/client";
import { freePort, startRedis } from "../programs.mjs";
import { startNginx, startNode } from "./processes.mjs";

const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
const redis = await startRedis("always");
const ports = await Promise.all([freePort(), freePort(), freePort()]);
const nodes = await Promise.all(ports.map((port) => startNode(port, redis)));
const base = await startNginx(ports);
const url = `${base}/channels/news`;

if (process.argv.includes("--serve")) {
  console.log(`listening on ${base}/channels/{channel}`);
} else {
  process.exit((await run(Number(process.argv[2] ?? 15))) ? 0 : 1);
}

/** Publish and read while nodes die. True if every reader got every message once, in the same order. */
async function run(seconds) {
  const quick = { retryDelayMs: () => 50 + Math.random() * 100 };
  const published = [];
  const end = new AbortController();
  const mechanisms = ["sse", "long-polling", "polling"];
  const seen = mechanisms.map(() => []);
  const reading = mechanisms.map(async (mechanism, i) => {
    for await (const { data } of subscribe(url, { ...quick, mechanism, signal: end.signal }))
      seen[i].push(data);
  });
  const over = Date.now() + seconds * 1_000;
  const writing = [0, 1, 2].map(async (name) => {
    for (let count = 0; Date.now() < over; count++) {
      const data = `${name}/${count}`;
      await publish(url, [{ data }], quick);
      published.push(data);
      await sleep(10);
    }
  });
  const kills = await killAtRandom(over);
  await Promise.all(writing);
  await publish(url, [], { ...quick, close: true });
  await Promise.race([Promise.all(reading), sleep(20_000)]);
  end.abort();
  const order = seen[0].join();
  const whole = seen.every((one) => new Set(one).size === published.length && one.join() === order);
  console.log(`${kills} nodes killed, ${published.length} messages published`);
  for (const [i, mechanism] of mechanisms.entries()) console.log(`  ${mechanism}: ${seen[i].length} read`);
  console.log(
    whole
      ? "every reader got every message once, in the same order"
      : "NOT every reader got every message once, in the same order",
  );
  return whole;
}

async function killAtRandom(over) {
  for (let kills = 0; ; kills++) {
    await sleep(500 + Math.random() * 1_000);
    if (Date.now() >= over) return kills;
    const index = Math.floor(Math.random() * nodes.length);
    nodes[index].kill("SIGKILL");
    nodes[index] = await startNode(ports[index], redis);
  }
}
