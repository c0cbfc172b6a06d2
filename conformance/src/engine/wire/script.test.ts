import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { answer, scriptedServer } from "../../testing/scripted-server.ts";
import { Exchange } from "./exchange.ts";
import { buildRequest } from "./request.ts";
import { shellScript } from "./script.ts";
import { thatMatter } from "./slice.ts";

const run = promisify(execFile);
const SOON_MS = 60_000;

test("a script uses a new channel, and the cursors of its own answers", async () => {
  let minted = 0;
  const server = await scriptedServer((request, socket) => {
    minted += 1;
    const body =
      request.method === "POST" ? `{"cursors":["P.${minted}","Q.${minted}"],"cursor":"Q.${minted}"}` : "{}";
    socket.end(answer("200 OK", ["Content-Type: application/json", "Connection: close"], body));
  });
  const send = async (method: string, path: string, body?: string): Promise<Exchange> => {
    const exchange = new Exchange(
      buildRequest({
        method,
        url: `${server.origin}/ch/conformance-1${path}`,
        ...(body === undefined ? {} : { body }),
      }),
    );
    return exchange.done(SOON_MS);
  };
  const exchanges = [
    await send("POST", "", '{"messages":[{"data":1},{"data":2}]}'),
    await send("GET", "?after=P.1"),
    await send("POST", "", '{"after":"Q.1"}'),
  ];
  const script = shellScript(exchanges, { channels: ["conformance-1"] }) ?? "";
  assert.not.match(script, "P.1");
  await run("sh", ["-c", script]);
  const replayed = server.requests.slice(3);
  assert.is(replayed.length, 3);
  assert.match(replayed[0]?.target ?? "", /^\/ch\/replay-\d+-1$/);
  assert.match(replayed[1]?.target ?? "", /^\/ch\/replay-\d+-1\?after=P\.4$/);
  assert.is(replayed[2]?.body, '{"after":"Q.4"}');
  await server.close();
});

test("a held request runs in the background of the script, and its answer is printed", async () => {
  const held: (() => void)[] = [];
  const server = await scriptedServer((request, socket) => {
    const end = (): unknown => socket.end(answer("200 OK", ["Connection: close"], request.target));
    if (request.target.includes("wait")) held.push(end);
    else {
      end();
      for (const release of held.splice(0)) release();
    }
  });
  const waiting = new Exchange(buildRequest({ url: `${server.origin}/held?wait=8` }));
  await waiting.until(() => held.length > 0, 50);
  const waking = await new Exchange(buildRequest({ url: `${server.origin}/wake` })).done(SOON_MS);
  await waiting.done(SOON_MS);
  const script = shellScript([waiting, waking]) ?? "";
  const { stdout } = await run("sh", ["-c", script]);
  assert.match(stdout, "/held?wait=8");
  assert.match(stdout, "/wake");
  await server.close();
});

test("without requests there is no script", () => {
  assert.is(shellScript([]), undefined);
});

test("a repetition is a loop, and the blamed answer is marked", async () => {
  const server = await scriptedServer((request, socket) =>
    socket.end(answer("200 OK", ["Connection: close"], `got ${request.body}`)),
  );
  const exchanges: Exchange[] = [];
  for (let n = 1; n <= 30; n += 1) {
    const request = buildRequest({
      method: "POST",
      url: `${server.origin}/ch`,
      body: `{"data":${n},"x":"y"}`,
    });
    exchanges.push(await new Exchange(request).done(SOON_MS));
  }
  const last = await new Exchange(buildRequest({ url: `${server.origin}/ch` })).done(SOON_MS);
  const script = shellScript([...exchanges, last], { blamed: last }) ?? "";
  assert.is(script.split("\n").length, 3);
  assert.match(script, /\n# look at this answer \(request 31\):\ncurl /);
  await run("sh", ["-c", script]);
  const bodies = server.requests.slice(31).map(({ body }) => body);
  assert.equal(bodies, [...server.requests.slice(0, 30).map(({ body }) => body), ""]);
  await server.close();
});

test("an answer depends on all changes, and on the reads whose cursors it uses", async () => {
  const server = await scriptedServer((request, socket) =>
    socket.end(answer("200 OK", ["Connection: close"], request.target.replace("/", "cursor-"))),
  );
  const send = (method: string, path: string): Promise<Exchange> =>
    new Exchange(buildRequest({ method, url: `${server.origin}${path}` })).done(SOON_MS);
  const all = [
    await send("GET", "/1"),
    await send("GET", "/2"),
    await send("POST", "/3"),
    await send("GET", "/4"),
    await send("GET", "/5?after=cursor-1"),
  ] as const;
  const [source, , change, , blamed] = all;
  assert.equal(thatMatter(all, blamed), [source, change, blamed]);
  await server.close();
});

test.run();
