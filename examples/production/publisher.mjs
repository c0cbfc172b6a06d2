// A publisher in a process of its own, so that it keeps its pace. Started by run.mjs, with the certificate as a trusted one.
import { publish } from "@tidemark/client";

const { url, token, perSecond } = JSON.parse(process.argv[2] ?? "{}");
const headers = { Authorization: `Bearer ${token}` };
let published = 0;
let stopped = false;

process.on("message", (message) => {
  if (message === "stop") stopped = true;
  if (message === "count") process.send({ published });
});
await publish(url, [{ data: "warm-up" }], { headers });
process.send("warm");
await new Promise((resolve) => process.once("message", resolve));

const begin = performance.now();
while (!stopped) {
  const due = Math.floor(((performance.now() - begin) / 1_000) * perSecond) - published;
  for (let i = 0; i < due && !stopped; i += 1) {
    await publish(url, [{ data: published }], { headers });
    published += 1;
  }
  await new Promise((done) => setTimeout(done, 1_000 / perSecond));
}
const seconds = (performance.now() - begin) / 1_000;
await publish(url, [], { headers, close: true }); // each reader ends at the end of the channel
process.send({ published, seconds }, () => process.exit(0));
