// However and whenever a worker ends, its connections are answered or closed, and the primary process leaks nothing.
import { connect, type Socket } from "node:net";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { until } from "../../../../testing/servers/serving.ts";
import { type Run, serving } from "../../test/tidemark-command.ts";
import { descriptorsOf, gone, says, workersOf } from "../../test/worker-processes.ts";

const TWO = ["--workers", "2"];

/** Open a connection and send `text`. `closed` resolves with everything received when the connection has closed. */
function exchange(base: string, text: string): { readonly socket: Socket; readonly closed: Promise<string> } {
  const { hostname, port } = new URL(base);
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
  let answer = "";
  socket.setEncoding("utf8").on("data", (chunk) => (answer += chunk));
  socket.on("end", () => socket.end()).on("error", (error) => (answer += error.message));
  socket.write(text);
  return { socket, closed: new Promise((resolve) => socket.once("close", () => resolve(answer))) };
}

function get(base: string, fields = ""): string {
  return `GET ${new URL(base).pathname}a HTTP/1.1\r\nHost: localhost\r\n${fields}\r\n`;
}

async function assertServed(base: string): Promise<void> {
  assert.match(await exchange(base, get(base, "Connection: close\r\n")).closed, /^HTTP\/1\.1 200 /);
}

function kill(command: Run, signal: NodeJS.Signals): number[] {
  const workers = workersOf(command);
  for (const worker of workers) process.kill(worker, signal);
  return workers;
}

test("connections to hanging workers that are killed are answered by other workers, or closed", () =>
  serving(TWO, async (base, command) => {
    const before = descriptorsOf(command);
    for (let round = 1; round <= 3; round += 1) {
      const [first = 0, second = 0] = kill(command, "SIGSTOP");
      const exchanges = Array.from({ length: 10 }, () => exchange(base, get(base, "Connection: close\r\n")));
      // Each worker has been passed one connection, and one more is on its way to it. The others wait.
      await until(
        () => descriptorsOf(command) === before + 8,
        "the primary process holds eight of the ten connections",
      );
      process.kill(first, "SIGKILL");
      await gone(first);
      process.kill(second, "SIGKILL");
      const answers = await Promise.all(exchanges.map(({ closed }) => closed));
      const answered = answers.filter((answer) => answer.startsWith("HTTP/1.1 200 ")).length;
      assert.is(answered, 8, answers.join("\n"));
      await says(command, /listens$/gm, 2 * round);
    }
    await until(
      () => descriptorsOf(command) === before,
      "the primary process has as many descriptors as before",
    );
  }));

test("the port stays the same while workers end and start, in any order", () =>
  serving(TWO, async (base, command) => {
    const [first = 0, second = 0] = workersOf(command);
    process.kill(first, "SIGKILL");
    await until(() => workersOf(command).some((worker) => worker > second), "another worker starts");
    process.kill(second, "SIGKILL"); // the last ready worker
    await says(command, /listens$/gm, 2);
    await assertServed(base);
    kill(command, "SIGKILL");
    await says(command, /ended: SIGKILL/g, 4);
    await assertServed(base); // requested while no worker runs
  }));

test("a worker that is asked to end closes idle connections, and serves the connections already passed to it", () =>
  serving([...TWO, "--drain", "3600"], async (base, command) => {
    const idle = exchange(base, get(base));
    await new Promise((resolve) => idle.socket.once("data", resolve));
    const [worker = 0] = workersOf(command);
    process.kill(worker, "SIGSTOP");
    const requests = Array.from({ length: 3 }, () => exchange(base, get(base, "Connection: close\r\n")));
    process.kill(worker, "SIGTERM");
    process.kill(worker, "SIGCONT");
    for (const { closed } of requests) assert.match(await closed, /^HTTP\/1\.1 200 /);
    await gone(worker);
    for (const other of workersOf(command)) if (other !== worker) process.kill(other, "SIGTERM");
    assert.match(await idle.closed, /^HTTP\/1\.1 200 /);
  }));

for (const [when, prepare] of [
  ["while all workers are killed", (command: Run) => kill(command, "SIGKILL")],
  [
    "while a worker is being replaced",
    async (command: Run) => {
      const [worker = 0, other = 0] = workersOf(command);
      process.kill(worker, "SIGKILL");
      await until(() => workersOf(command).some((pid) => pid > other), "another worker starts");
    },
  ],
] as const)
  test(`the command ends on SIGTERM ${when}`, () =>
    serving([...TWO, "--drain", "0"], async (_base, command) => {
      await prepare(command);
      command.child.kill("SIGTERM");
      assert.is(await command.ended, 0, command.output.stderr);
    }));

test.run();
