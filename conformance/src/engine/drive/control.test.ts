import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv } from "ajv";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { answer, type ScriptedServer, scriptedServer } from "../../testing/scripted-server.ts";
import { Exchange } from "../wire/exchange.ts";
import { buildRequest } from "../wire/request.ts";
import { parseExtraHeader } from "../wire/secrets.ts";
import { NotOffered } from "./control.ts";
import { type DriverContext, DriverError } from "./driver.ts";
import { eitherControl, execControl } from "./exec-control.ts";
import { httpControl } from "./http-control.ts";

const control = suite("control");
const channel = { name: "news", url: "http://target/channels/news" };
const cwd = mkdtempSync(join(tmpdir(), "control-"));
let server: ScriptedServer;
let answered = answer("204 No Content", []);

const context: DriverContext = {
  exchange: () => Promise.reject(new Error("the target's headers are not for the control interface")),
  exchangeBare: (init) => new Exchange(buildRequest(init)).done(5_000),
  signal: new AbortController().signal,
};

control.before(async () => {
  server = await scriptedServer((_, socket) => socket.end(answered));
});
control.after(async () => {
  await server.close();
  rmSync(cwd, { recursive: true });
});

control("http posts to the four endpoints, with bodies that match the schema", async () => {
  const http = httpControl(`${server.origin}/control/`, [
    parseExtraHeader("X-Key: env:K", { K: "secret-key" }),
  ]);
  await http.trim?.(channel, 3, context);
  await http.drop?.(channel, "drain", context);
  await http.deny?.(channel, "overload", context);
  await http.restart?.(context);
  const requests = server.requests.map(({ method, target, body }) => [method, target, JSON.parse(body)]);
  assert.equal(requests, [
    ["POST", "/control/trim", { channel: "news", url: channel.url, keep: 3 }],
    ["POST", "/control/drop", { channel: "news", url: channel.url, how: "drain" }],
    ["POST", "/control/deny", { channel: "news", url: channel.url, denial: "overload" }],
    ["POST", "/control/restart", {}],
  ]);
  assert.is(server.requests[0]?.headers.get("x-key"), "secret-key");
  const schema = JSON.parse(readFileSync(new URL("../../../schema/control.json", import.meta.url), "utf8"));
  const validate = new Ajv().compile(schema);
  const bodies = Object.fromEntries(requests.map(([, target, body]) => [String(target).slice(9), body]));
  assert.ok(validate(bodies), JSON.stringify(validate.errors));
});

control("a missing endpoint is not offered; any other error is a failure", async () => {
  const http = httpControl(`${server.origin}/control`);
  for (const status of ["404 Not Found", "405 Method Not Allowed", "501 Not Implemented"]) {
    answered = answer(status, []);
    await rejects(() => http.trim?.(channel, 1, context), NotOffered);
  }
  answered = answer("500 Internal Server Error", []);
  await rejects(() => http.trim?.(channel, 1, context), DriverError);
  await rejects(() => http.restart?.(context), DriverError);
  answered = "";
  await http.restart?.(context); // a server that stops may lose this answer
  await rejects(() => http.trim?.(channel, 1, context), DriverError);
  answered = answer("204 No Content", []);
});

control(
  "commands get the details in their environment; a fault without a command is not offered",
  async () => {
    const command = (name: string): { command: string; cwd: string } => ({
      command: `printf '%s' "$TIDEMARK_CHANNEL $TIDEMARK_KEEP$TIDEMARK_HOW$TIDEMARK_DENIAL" >${name}`,
      cwd,
    });
    const exec = execControl({ trim: command("trim"), drop: command("drop"), deny: command("deny") });
    await exec.trim?.(channel, 2, context);
    await exec.drop?.(channel, "cut", context);
    await exec.deny?.(channel, "nothing", context);
    const read = (name: string): string => readFileSync(join(cwd, name), "utf8");
    assert.equal(["trim", "drop", "deny"].map(read), ["news 2", "news cut", "news nothing"]);
    assert.is(exec.restart, undefined);
    await rejects(() => execControl({ restart: { command: "exit 1", cwd } }).restart?.(context), DriverError);
  },
);

control("a command takes precedence over the interface", async () => {
  const both = eitherControl(execControl({ trim: { command: "true", cwd } }), httpControl(server.origin));
  const before = server.requests.length;
  await both.trim?.(channel, 1, context);
  assert.is(server.requests.length, before);
  await both.drop?.(channel, "cut", context);
  assert.is(server.requests.length, before + 1);
});

async function rejects(act: () => Promise<void> | undefined, kind: new () => Error): Promise<void> {
  try {
    await act();
  } catch (error) {
    assert.instance(error, kind);
    return;
  }
  assert.unreachable("it did not reject");
}

control.run();
