// The tests of one recipe.
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { reportOn, violated } from "../../proof/src/judge/report.ts";
import { ask, isIdle, rawConnection, send, untilHeld } from "./attack.ts";
import { EXAMPLES } from "./lay-out.ts";
import { RECIPES, type Recipe, type RecipeName } from "./recipes.ts";
import { type Installed, installRecipe, type Running } from "./start-recipe.ts";

const MOST_LINES = 12;
const JSON_TYPE = { "Content-Type": "application/json" };
/** More than the system's buffers and all that a framework may keep for one reader. */
const BEYOND_BUFFERS = 48 * 1_024 * 1_024;

/** Test a recipe: the suite, and clients that misbehave. */
export function testRecipe(name: RecipeName): void {
  const test = suite<{ installed: Installed; server: Running }>(name);
  test.before(async (context) => {
    context.installed = await installRecipe(name);
    context.server = await context.installed.start({ TIDEMARK_HOOKS: "1" });
  });
  test.after(async ({ server, installed }) => {
    await server.close();
    await installed.remove();
  });

  test("the recipe has at most 12 lines", async () => {
    const text = await readFile(join(EXAMPLES, RECIPES[name].file), "utf8");
    assert.ok(text.trimEnd().split("\n").length <= MOST_LINES);
  });
  test("the suite finds no violation, except those of the framework itself", ({ installed }) =>
    suiteFindsNothing(installed, RECIPES[name]));
  for (const [what, attack] of Object.entries(ATTACKS)) test(what, ({ server }) => attack(server));
  test("shutdown: open streams and held polls are answered, then the process can end", ({ server }) =>
    drains(server));
  test.run();
}

async function suiteFindsNothing({ start }: Installed, { violates }: Recipe): Promise<void> {
  const server = await start();
  try {
    const report = await reportOn({ url: `${server.channels}/{channel}`, seed: 1 });
    assert.equal(violated(report).sort(), violates?.requirements ?? [], report.verdict.line);
    if (violates === undefined) assert.is(report.verdict.exitCode, 0, report.verdict.line);
    await untilHeld(server, "nothing after the suite", isIdle);
  } finally {
    await server.close();
  }
}

type Attack = (server: Running) => Promise<void>;

const ATTACKS: Readonly<Record<string, Attack>> = {
  "a client that disconnects leaves nothing behind: streams and held polls": async (server) => {
    const { cursor } = JSON.parse((await ask(server, pathOf(server, "gone"))).text);
    for (const query of ["stream=1", `wait=60&after=${cursor}`]) {
      const sockets = await Promise.all([1, 2, 3].map(() => rawConnection(server)));
      for (const socket of sockets) send(socket, server, "GET", `gone?${query}`);
      await untilHeld(server, query, ({ streams, held }) => streams + held === 3);
      for (const socket of sockets) socket.destroy();
      await untilHeld(server, `nothing after ${query}`, isIdle);
    }
  },

  "a client that disconnects while authorize works leaves nothing behind": async (server) => {
    const { cursor } = JSON.parse((await ask(server, pathOf(server, "gone"))).text);
    for (const query of ["stream=1", `wait=60&after=${cursor}`]) {
      const socket = await rawConnection(server);
      send(socket, server, "GET", `gone?${query}`, { "X-Hook": "slow" });
      await new Promise<void>((resolve) => socket.write("", () => resolve()));
      socket.destroy();
      // A later request with the same hook is answered after the first has been.
      assert.is((await ask(server, pathOf(server, "gone"), { headers: { "X-Hook": "slow" } })).status, 200);
      await untilHeld(server, `nothing after ${query}`, isIdle);
    }
  },

  "a reader that reads nothing is cut off, and does not fill the memory": async (server) => {
    await server.control(`/fill?channel=slow&count=48&bytes=${BEYOND_BUFFERS / 48}`);
    const { rss } = await server.control("/stats");
    const sockets = await Promise.all([1, 2, 3, 4].map(() => rawConnection(server)));
    for (const socket of sockets) {
      socket.pause();
      send(socket, server, "GET", "slow?stream=1");
    }
    await untilHeld(server, "four streams", ({ streams }) => streams === 4);
    await untilHeld(server, "cut off", isIdle);
    const grown = (await server.control("/stats")).rss - rss;
    assert.ok(grown < 2 * BEYOND_BUFFERS, `the process has grown by ${grown} bytes`);
    for (const socket of sockets) socket.destroy();
  },

  "a slow reader gets everything, in order": async (server) => {
    await server.control("/fill?channel=all&count=200&bytes=50000");
    await ask(server, pathOf(server, "all"), { method: "POST", headers: JSON_TYPE, body: '{"close":true}' });
    const { text } = await ask(server, pathOf(server, "all?stream=1"));
    assert.is(text.match(/^data: "x/gm)?.length, 200);
    assert.match(text, /^event: \$closed$/m);
  },

  "a body that ends early changes nothing": async (server) => {
    const socket = await rawConnection(server);
    send(socket, server, "POST", "early", { ...JSON_TYPE, "Content-Length": "1000" });
    socket.end('{"messages":[{"data":1}]}');
    socket.resume();
    await once(socket, "close");
    assert.equal(JSON.parse((await ask(server, pathOf(server, "early"))).text).messages, []);
    assert.ok(isIdle(await server.control("/stats")));
  },

  "a body that is too large is refused": async (server) => {
    const body = JSON.stringify({ messages: [{ data: "x".repeat(2_000_000) }] });
    const { status } = await ask(server, pathOf(server, "large"), {
      method: "POST",
      headers: JSON_TYPE,
      body,
    });
    assert.is(status, 413);
  },

  "a number keeps all its digits": async (server) => {
    const body = '{"messages":[{"data":12345678901234567890}]}';
    const path = pathOf(server, "digits");
    assert.is((await ask(server, path, { method: "POST", headers: JSON_TYPE, body })).status, 200);
    assert.match((await ask(server, path)).text, /"data":12345678901234567890/);
  },

  "names are decoded once, and long ones work": async (server) => {
    for (const name of [
      "a b",
      "ü",
      "50%",
      "a/b",
      "a%2Fb",
      "日".repeat(85),
      "x".repeat(256),
      "a+b",
      "a:b@c;d,e=f",
    ]) {
      const path = pathOf(server, encodeURIComponent(name));
      const body = JSON.stringify({ messages: [{ data: name }] });
      assert.is((await ask(server, path, { method: "POST", headers: JSON_TYPE, body })).status, 200, name);
      assert.is(JSON.parse((await ask(server, path)).text).messages.length, 1, name);
    }
    const twice = pathOf(server, encodeURIComponent(encodeURIComponent("a b")));
    assert.equal(JSON.parse((await ask(server, twice)).text).messages, [], "not decoded twice");
  },

  "a path beside the channels is never a channel": async (server) => {
    const { pathname } = new URL(server.channels);
    for (const path of [
      "/",
      pathname,
      `${pathname}/`,
      `${pathname}/a/b`,
      `/x${pathname}/a`,
      `${pathname}x/a`,
    ])
      assert.is.not((await ask(server, path)).status, 200, path);
    // A slash at the end is another path: refused, or redirected to the channel.
    assert.match(String((await ask(server, `${pathname}/a/`)).status), /^(?:404|308)$/);
    for (const name of ["%00", "%zz", "%ff"])
      assert.match(String((await ask(server, `${pathname}/${name}`)).status), /^4/, name);
  },

  "HEAD has no body and holds nothing": async (server) => {
    const { cursor } = JSON.parse((await ask(server, pathOf(server, "head"))).text);
    for (const query of ["", "?stream=1", `?wait=60&after=${cursor}`]) {
      const { status, text } = await ask(server, pathOf(server, `head${query}`), { method: "HEAD" });
      assert.equal([status, text], [200, ""], query);
    }
    assert.ok(isIdle(await server.control("/stats")));
  },

  "a hook that throws or rejects is a 500 without its text, and the server goes on": async (server) => {
    for (const hook of ["throws", "rejects"])
      for (const query of ["", "?stream=1"]) {
        const { status, text } = await ask(server, pathOf(server, `hook${query}`), {
          headers: { "X-Hook": hook },
        });
        assert.is(status, 500);
        assert.not.match(text, /secret/);
      }
    assert.is((await ask(server, pathOf(server, "hook"))).status, 200);
  },
};

/** An open stream and a held poll, and what ends them. */
async function drains(server: Running): Promise<void> {
  const { cursor } = JSON.parse((await ask(server, pathOf(server, "end"))).text);
  const stream = ask(server, pathOf(server, "end?stream=1"));
  const held = ask(server, pathOf(server, `end?wait=60&after=${cursor}`));
  await untilHeld(server, "both", ({ streams, held }) => streams === 1 && held === 1);
  assert.ok(isIdle(await server.control("/drain")));
  assert.match((await stream).text, /^event: \$open$/m);
  assert.is((await held).status, 200);
}

function pathOf(server: Running, rest: string): string {
  return `${new URL(server.channels).pathname}/${rest}`;
}
