import { spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createSubscription, type Mechanism } from "@tidemark/client-core/kit";
import { longPolling } from "@tidemark/client-long-polling";
import { polling } from "@tidemark/client-polling";
import { sse } from "@tidemark/client-sse";
import { MemoryLog } from "@tidemark/log-memory";
import { listen } from "@tidemark/server";
import { type BuildOptions, build } from "esbuild";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { publish } from "./index.ts";

const TOTAL = 1_000;
const BATCH = 20;
const AHEAD = 100;
const numbers = Array.from({ length: TOTAL }, (_, index) => index);

/** Start a server that is polled often. */
async function serving() {
  const server = await listen(new MemoryLog(), { port: 0, polling: { retryMs: 10 } });
  const url = server.url.replace("{channel}", "a");
  return { url, close: () => server.close({ windowMs: 0 }) };
}

/**
 * Keeps the publisher slightly ahead of the reader: some reads then find many messages, and some find none.
 */
function pacer(): { step: () => void; reached: (published: number) => Promise<void> } {
  const steps = new EventEmitter();
  let handled = 0;
  return {
    step() {
      handled += 1;
      steps.emit("step");
    },
    async reached(published) {
      while (handled < published - AHEAD) await once(steps, "step");
    },
  };
}

async function publishAll(url: string, before: (published: number) => Promise<unknown>): Promise<void> {
  for (let from = 0; from < TOTAL; from += BATCH) {
    await before(from);
    const messages = numbers.slice(from, from + BATCH).map((data) => ({ data }));
    await publish(url, messages, { close: from + BATCH === TOTAL });
  }
}

/** Bundle the follower into one JavaScript file, because it is started often. */
async function buildFollower(folder: string): Promise<string> {
  const outfile = join(folder, "follower.mjs");
  const source = fileURLToPath(new URL("../test/follower.ts", import.meta.url));
  // undici's CommonJS parts load Node's modules with `require`.
  const banner = { js: 'import { createRequire } from "node:module"; const require = createRequire("/");' };
  const how = {
    bundle: true,
    platform: "node",
    format: "esm",
    conditions: ["source"],
  } satisfies BuildOptions;
  await build({ entryPoints: [source], outfile, banner, ...how });
  return outfile;
}

/** Run a program until it ends; kill it at any point once it has handled `limit` messages. */
async function run(args: readonly string[], limit: number, handled: () => void): Promise<"ended" | "killed"> {
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  let count = 0;
  child.stdout.on("data", (dots: Buffer) => {
    for (const _ of dots) handled();
    count += dots.length;
    if (count >= limit) child.kill("SIGKILL");
  });
  const [code] = await once(child, "close");
  assert.ok(code === null || code === 0, `${args} ended with ${code}`);
  return code === null ? "killed" : "ended";
}

const KILLS = 3;

for (const mechanism of ["polling", "long-polling", "sse", "auto"]) {
  test(`${mechanism}: killed ${KILLS} times and resumed: each message once, in order`, async () => {
    const { url, close } = await serving();
    const folder = await mkdtemp(join(tmpdir(), "resume-"));
    const [program, file] = [await buildFollower(folder), join(folder, "handled")];
    const pace = pacer();
    const published = publishAll(url, pace.reached);
    let kills = 0;
    const limit = () => (kills < KILLS ? 90 + 17 * kills : TOTAL + 1);
    while ((await run([program, mechanism, url, file], limit(), pace.step)) === "killed") kills += 1;
    await published;
    const handled = (await readFile(file, "utf8")).trimEnd().split("\n");
    assert.equal(
      handled.map((line) => Number(line.split(" ")[1])),
      numbers,
    );
    assert.is(kills, KILLS);
    await Promise.all([close(), rm(folder, { recursive: true })]);
  });
}

/** A mechanism that switches to the next one after `every` messages, at any point of a page or a stream. */
function changing(
  mechanisms: readonly [Mechanism, ...Mechanism[]],
  every: number,
): Mechanism & { changes: number } {
  return {
    name: "changing",
    changes: 0,
    async *open(connection) {
      const mechanism = mechanisms[this.changes++ % mechanisms.length] ?? mechanisms[0];
      let left = every;
      const batches = mechanism.open(connection);
      for (;;) {
        const step = await batches.next();
        if (step.done) {
          this.changes -= 1;
          return step.value;
        }
        const messages = step.value.messages.slice(0, left);
        left -= messages.length;
        const cursor = messages.length < step.value.messages.length ? messages.at(-1)?.cursor : undefined;
        yield cursor === undefined ? step.value : { messages, cursor };
        if (left === 0) return 0;
      }
    },
  };
}

test("another mechanism after every 10 messages: each message once, in order", async () => {
  const { url, close } = await serving();
  const mechanism = changing([sse, longPolling, polling], 10);
  const subscription = createSubscription<number>(mechanism, url, { waitS: 1 });
  const pace = pacer();
  const published = publishAll(url, pace.reached);
  const seen: number[] = [];
  for await (const { data } of subscription) {
    seen.push(data);
    pace.step();
  }
  await published;
  assert.equal(seen, numbers);
  assert.ok(mechanism.changes >= TOTAL / 10 - 1, `${mechanism.changes}`);
  await close();
});

test.run();
