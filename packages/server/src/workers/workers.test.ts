import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { openStream } from "../../../../testing/servers/event-source.ts";
import { serving, tidemark } from "../../test/tidemark-command.ts";
import { gone, says, workersOf } from "../../test/worker-processes.ts";

const TWO = ["--workers", "2"];

async function publish(base: string, ...data: readonly unknown[]): Promise<void> {
  const response = await fetch(`${base}a`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ messages: data.map((data) => ({ data })) }),
  });
  assert.is(response.status, 200);
}

/** Open each stream on its own connection. Connections go to the workers in turn, so each worker gets half of them. */
async function openStreams(base: string, count = 4) {
  const streams = await Promise.all(Array.from({ length: count }, () => openStream(`${base}a`)));
  for (const stream of streams) assert.is((await stream.event())?.event, "$open");
  return streams;
}

test("a publish to one worker wakes the readers of all workers", () =>
  serving(TWO, async (base, command) => {
    assert.is(workersOf(command).length, 2);
    const streams = await openStreams(base);
    await publish(base, 1, 2);
    await publish(base, 3);
    for (const stream of streams)
      for (const data of ["1", "2", "3"]) assert.is((await stream.message())?.data, data);
  }));

test("a killed worker loses only its own streams, and is replaced after a growing delay", () =>
  serving(TWO, async (base, command) => {
    const [victim = 0, other] = workersOf(command);
    const streams = await openStreams(base);
    let ended = 0;
    for (const { response } of streams) response.once("close", () => (ended += 1));
    process.kill(victim, "SIGKILL");
    await says(command, /listens$/gm, 1);
    assert.ok(ended > 0 && ended < streams.length, `${ended} streams ended`);
    assert.match(command.output.stderr, new RegExp(`process ${victim}\\) ended: SIGKILL; .* in 0.1 s\n`));
    const [first, second = 0] = workersOf(command);
    assert.is(first, other);
    process.kill(second, "SIGKILL");
    await says(command, /listens$/gm, 2);
    assert.match(command.output.stderr, new RegExp(`process ${second}\\) ended: SIGKILL; .* in 0.2 s\n`));
    await publish(base, 2);
    for (const { response, message, close } of streams) {
      if (response.closed) continue;
      assert.is((await message())?.data, "2");
      close();
    }
  }));

test("when all workers are killed at once, the port and the messages stay", () =>
  serving(TWO, async (base, command) => {
    await publish(base, 1);
    for (const worker of workersOf(command)) process.kill(worker, "SIGKILL");
    await says(command, /listens$/gm, 2);
    await publish(base, 2);
    const page = (await (await fetch(`${base}a`)).json()) as { messages: unknown[] };
    assert.is(page.messages.length, 2);
  }));

test("SIGTERM to one worker drains it, and another takes its place", () =>
  serving([...TWO, "--drain", "0"], async (base, command) => {
    const streams = await openStreams(base);
    const [worker = 0] = workersOf(command);
    process.kill(worker, "SIGTERM");
    await says(command, /listens$/gm, 1);
    assert.match(command.output.stderr, `process ${worker}) ended: exit code 0`);
    await publish(base, 1);
    const seen = await Promise.all(streams.map(async (stream) => (await stream.message())?.data));
    assert.equal(new Set(seen), new Set(["1", undefined]));
    for (const stream of streams) stream.close();
  }));

for (const signal of ["SIGTERM", "SIGINT"] as const)
  test(`${signal} drains all workers, and no worker process remains`, () =>
    serving([...TWO, "--drain", "0"], async (base, command) => {
      const { child, ended, output } = command;
      const workers = workersOf(command);
      const streams = await openStreams(base);
      child.kill(signal);
      if (signal === "SIGINT") for (const worker of workers) process.kill(worker, signal); // as a terminal does
      for (const stream of streams) assert.equal(await stream.rest(), []);
      assert.is(await ended, 0);
      assert.is(output.stderr, `${signal}: draining connections; send it again to exit at once\n`);
      for (const worker of workers) await gone(worker);
    }));

test("a second signal ends all workers at once", () =>
  serving([...TWO, "--drain", "3600"], async (base, command) => {
    const workers = workersOf(command);
    const streams = await openStreams(base);
    command.child.kill("SIGTERM");
    await says(command, /draining connections/g, 1);
    command.child.kill("SIGTERM");
    assert.is(await command.ended, 143);
    for (const worker of workers) await gone(worker);
    for (const stream of streams) assert.equal(await stream.rest(), []);
  }));

test("workers end when the primary process is killed", () =>
  serving(TWO, async (_base, command) => {
    const workers = workersOf(command);
    command.child.kill("SIGKILL");
    await command.ended; // resolves when the output that they share is closed
    for (const worker of workers) await gone(worker);
  }));

test("a failure that prevents all workers from starting is reported once, with a fix", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const { port } = other.address() as AddressInfo;
  const { ended, output } = tidemark("serve", ...TWO, "--log", "memory", "--port", String(port));
  assert.is(await ended, 1);
  assert.match(output.stderr, new RegExp(`^tidemark: 127.0.0.1:${port} is in use.*--port.*\n$`));
  assert.is(output.stdout, "");
  other.close();
});

test.run();
