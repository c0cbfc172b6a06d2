import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { answer, type ScriptedServer, scriptedServer } from "../../testing/scripted-server.ts";
import { Exchange } from "../wire/exchange.ts";
import { buildRequest } from "../wire/request.ts";
import { parseExtraHeader } from "../wire/secrets.ts";
import { driverOf } from "./actions.ts";
import { type DriverContext, DriverError, draft } from "./driver.ts";
import { loadDriver } from "./module-driver.ts";

const drivers = suite("drivers");
const channel = { name: "news", url: "http://target/channels/news" };
const cwd = mkdtempSync(join(tmpdir(), "drivers-"));
let server: ScriptedServer;
let status = "204 No Content";

/** Sends real requests, in two ways that tests can tell apart. */
function contextOf(signal: AbortSignal = new AbortController().signal): DriverContext {
  const send = (init: Parameters<DriverContext["exchange"]>[0], mark: string): Promise<Exchange> =>
    new Exchange(buildRequest({ ...init, headers: [...(init.headers ?? []), ["X-Way", mark]] })).done(5_000);
  return { exchange: (init) => send(init, "target"), exchangeBare: (init) => send(init, "bare"), signal };
}

drivers.before(async () => {
  server = await scriptedServer((_, socket) => socket.end(answer(status, [])));
});
drivers.after(async () => {
  await server.close();
  rmSync(cwd, { recursive: true });
});

drivers("http sends one request per message, without the target's headers", async () => {
  const headers = [parseExtraHeader("X-Admin: env:KEY", { KEY: "secret-key" })];
  const driver = driverOf({
    publish: {
      by: "http",
      template: {
        url: `${server.origin}/p/{channel}`,
        headers,
        json: { data: "{payload}", type: "{event}" },
      },
    },
    close: { by: "http", template: { method: "PUT", url: `${server.origin}/close/{channel}` } },
  });
  await driver.publish(channel, [draft(1), draft("b", "note")], contextOf());
  await driver.close?.(channel, contextOf());
  const seen = server.requests.slice(-3);
  assert.equal(
    seen.map(({ method, target, body }) => [method, target, body]),
    [
      ["POST", "/p/news", '{"data":1,"type":"message"}'],
      ["POST", "/p/news", '{"data":"b","type":"note"}'],
      ["PUT", "/close/news", ""],
    ],
  );
  assert.ok(seen.every(({ headers: lines }) => lines.get("x-way") === "bare"));
  assert.is(seen[0]?.headers.get("content-type"), "application/json");
  assert.is(seen[0]?.headers.get("x-admin"), "secret-key");
  assert.equal(driver.secrets, headers);
  assert.is(driver.remove, undefined);
});

drivers("http sends all messages in one request if the template has {messages}", async () => {
  const template = { url: `${server.origin}/all`, body: "{messages}", type: "text/x-batch" };
  const before = server.requests.length;
  await driverOf({ publish: { by: "http", template } }).publish(channel, [draft(1), draft(2)], contextOf());
  assert.is(server.requests.length, before + 1);
  assert.is(server.requests.at(-1)?.body, '[{"data":1},{"data":2}]');
  assert.is(server.requests.at(-1)?.headers.get("content-type"), "text/x-batch");
});

drivers("an answer other than 2xx is a failure of the driver", async () => {
  status = "503 Service Unavailable";
  const driver = driverOf({ publish: { by: "http", template: { url: `${server.origin}/p` } } });
  await rejects(driver.publish(channel, [draft(1)], contextOf()), /POST http.*\/p was answered with 503/);
  status = "204 No Content";
});

drivers("exec gets one message per line, and the channel in its environment", async () => {
  const command = 'cat >out.txt; printf "%s %s" "$TIDEMARK_CHANNEL" "$TIDEMARK_URL" >env.txt';
  const driver = driverOf({
    publish: { by: "exec", template: { command, cwd } },
    remove: { by: "exec", template: { command: "echo gone >removed.txt", cwd } },
  });
  await driver.publish(channel, [draft({ a: 1 }), draft(2, "note")], contextOf());
  assert.is(readFileSync(join(cwd, "out.txt"), "utf8"), '{"data":{"a":1}}\n{"event":"note","data":2}\n');
  assert.is(readFileSync(join(cwd, "env.txt"), "utf8"), "news http://target/channels/news");
  assert.is(await driver.remove?.(channel, contextOf()), true);
  assert.is(readFileSync(join(cwd, "removed.txt"), "utf8"), "gone\n");
});

drivers(
  "a command that fails or hangs is reported with its output; one that reads nothing is fine",
  async () => {
    const run = (command: string, timeoutMs = 5_000): Promise<void> =>
      driverOf({ publish: { by: "exec", template: { command, cwd, timeoutMs } } }).publish(
        channel,
        Array.from({ length: 10_000 }, (_, index) => draft(index)),
        contextOf(),
      );
    await rejects(run("echo broken pipe >&2; exit 3"), /ended with 3: broken pipe/);
    await rejects(run("sleep 60", 50), /did not end within 0.05 s/);
    await run("true"); // it does not have to read its input
  },
);

drivers("a command ends with the run", async () => {
  const stop = new AbortController();
  const publish = driverOf({
    publish: { by: "exec", template: { command: "echo up >up.txt; sleep 60", cwd } },
  }).publish(channel, [], contextOf(stop.signal));
  while (!existsSync(join(cwd, "up.txt"))) await nextTurn();
  stop.abort(new Error("stopped"));
  try {
    await publish;
    assert.unreachable();
  } catch (error) {
    assert.match(String(error), /stopped/);
  }
});

drivers("a module's driver is used, including its own close", async () => {
  const path = join(cwd, "driver.mjs");
  writeFileSync(
    path,
    `export const calls = [];
     export const driver = {
       name: "mine",
       async publish(channel, drafts) { calls.push(["publish", channel.name, drafts.length]); },
       async close(channel) { calls.push(["close", channel.name]); },
     };`,
  );
  const driver = driverOf({ publish: { by: "module", driver: await loadDriver(path) } });
  await driver.publish(channel, [draft(1)], contextOf());
  await driver.close?.(channel, contextOf());
  const { calls } = (await import(path)) as { calls: unknown[] };
  assert.equal(calls, [
    ["publish", "news", 1],
    ["close", "news"],
  ]);
  assert.is(driver.name, "mine");
  assert.is(driver.remove, undefined);
});

drivers("a module without a driver is rejected by name", async () => {
  const path = join(cwd, "none.mjs");
  writeFileSync(path, "export const driver = { name: 1 };");
  await rejects(loadDriver(path), /none\.mjs does not export `driver`/, "ModuleDriverError");
  await rejects(loadDriver(join(cwd, "absent.mjs")), /absent\.mjs could not be loaded/, "ModuleDriverError");
});

async function rejects(doing: Promise<unknown>, message: RegExp, name = "DriverError"): Promise<void> {
  try {
    await doing;
  } catch (error) {
    if (name === "DriverError") assert.instance(error, DriverError);
    assert.is((error as Error).name, name);
    assert.match((error as Error).message, message);
    return;
  }
  assert.unreachable("it did not reject");
}

drivers.run();
