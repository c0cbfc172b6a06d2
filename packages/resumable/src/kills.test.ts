// What a reader gets when a process or the engine is killed with SIGKILL in the middle of a run.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { RedisServer } from "../../../testing/engines/redis-server.ts";
import { endWithUs, killed } from "../../../testing/processes/children.ts";
import { sources } from "../../../tools/launch.mjs";
import { readEvents } from "../test/events.ts";
import { runOf, Watched } from "../test/runs.ts";

const SCRIPT = fileURLToPath(new URL("../test/run-process.ts", import.meta.url));

/** Up to here, a run counts; long enough that every kill comes in the middle. */
const MANY = 400;

interface Node {
  readonly child: ChildProcess;
  readonly origin: string;
}

async function start(redis: RedisServer): Promise<Node> {
  const child = endWithUs(
    spawn(process.execPath, [...sources, SCRIPT, redis.url], { stdio: ["ignore", "pipe", "inherit"] }),
  );
  const [origin] = (await once(createInterface(child.stdout), "line")) as [string];
  return { child, origin };
}

async function withNodes(
  run: (redis: RedisServer, first: Node, second: Node) => Promise<void>,
): Promise<void> {
  const redis = await RedisServer.start();
  const nodes = await Promise.all([start(redis), start(redis)]);
  try {
    await run(redis, ...nodes);
  } finally {
    for (const { child } of nodes) await killed(child);
    await redis.stop();
  }
}

const begin = (node: Node): Promise<Response> => fetch(`${node.origin}/chat?to=${MANY}`, { method: "POST" });

const resume = (node: Node, id: string, last = ""): Promise<Response> =>
  fetch(`${node.origin}/chat/${id}`, last === "" ? {} : { headers: { "Last-Event-ID": last } });

const read = (text: string) => readEvents(Buffer.from(text, "latin1"));
const numbersIn = (text: string): number[] => read(text).events.map(({ data }) => Number(data));
const numbers = (upTo: number): number[] => Array.from({ length: upTo }, (_, n) => n + 1);

/** Read a run to its end, as a client does: when it is cut or unavailable, it resumes from its last id. */
async function whole(reader: Watched, node: Node, id: string): Promise<number[]> {
  if ((await reader.isOver()) === "ended") return numbersIn(reader.text);
  const { events, id: last } = read(reader.text);
  let response = await resume(node, id, last);
  while (response.status === 503) response = await resume(node, id, last);
  assert.is(response.status, 200);
  return [...events.map(({ data }) => Number(data)), ...(await whole(new Watched(response), node, id))];
}

test("the producing process is killed: readers elsewhere are cut within a heartbeat, with all that was stored", () =>
  withNodes(async (_redis, first, second) => {
    const started = await begin(first);
    const id = runOf(started);
    const own = new Watched(started);
    const other = new Watched(await resume(second, id));
    await other.sees("data: 20\n");
    const killedAt = performance.now();
    await killed(first.child);
    assert.is(await other.isOver(), "cut");
    const toldMs = performance.now() - killedAt;
    assert.is(await own.isOver(), "cut");
    const got = numbersIn(other.text);
    assert.equal(got, numbers(got.length));
    assert.ok(got.length >= numbersIn(own.text).length, "nobody had more than what is stored");
    console.log(`told after ${Math.round(toldMs)} ms`);
    const later = await resume(second, id, read(other.text).id);
    assert.is(later.status, 502);
    assert.is(((await later.json()) as { how: string }).how, "lost");
  }));

test("the serving process is killed: its reader continues at another one, exactly", () =>
  withNodes(async (_redis, first, second) => {
    const id = runOf(await begin(first));
    const reader = new Watched(await resume(second, id));
    await reader.sees("data: 20\n");
    await killed(second.child);
    assert.is(await reader.isOver(), "cut");
    const rest = new Watched(await resume(first, id, read(reader.text).id));
    assert.is(await rest.isOver(), "ended");
    assert.equal([...numbersIn(reader.text), ...numbersIn(rest.text)], numbers(MANY));
  }));

test("Redis is killed and restarted: the run continues, and a reader that is cut resumes exactly", () =>
  withNodes(async (redis, first, second) => {
    const started = await begin(first);
    const id = runOf(started);
    const other = new Watched(await resume(second, id));
    const all = [whole(new Watched(started), first, id), whole(other, second, id)];
    await other.sees("data: 20\n");
    await redis.restart();
    for (const got of await Promise.all(all)) assert.equal(got, numbers(MANY));
  }));

test.run();
