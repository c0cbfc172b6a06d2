// A server that knows only declared channels is tested in full if the configuration says how one is declared.
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type PythonServer, pythonServer } from "../../../testing/python-server.ts";
import { runCli } from "../../../testing/run-cli.ts";

const declared = suite("declared channels");
const folder = mkdtempSync(join(tmpdir(), "declared-"));
const names = new Set<string>();
const inFront = createServer(answer);
let server: PythonServer;
let origin = "";

declared.before(async () => {
  server = await pythonServer();
  inFront.listen(0, "127.0.0.1");
  await once(inFront, "listening");
  origin = `http://127.0.0.1:${(inFront.address() as AddressInfo).port}`;
});

declared.after(async () => {
  inFront.closeAllConnections();
  inFront.close();
  await server.close();
  rmSync(folder, { recursive: true });
});

/** `PUT /admin/<name>` declares a channel; the others are not found. */
function answer(req: IncomingMessage, res: ServerResponse): void {
  const [, place = "", name = ""] = /^\/(\w+)\/([^/?]*)/.exec(req.url ?? "") ?? [];
  if (place === "admin" && req.method === "PUT") {
    names.add(name);
    return void res.writeHead(201).end();
  }
  if (!names.has(name)) {
    const problem = { type: "https://tidemark.example/problems/not-found", title: "Not Found", status: 404 };
    res.writeHead(404, { "Content-Type": "application/problem+json", Tidemark: "v=1, mechanisms=(poll)" });
    return void res.end(JSON.stringify(problem));
  }
  const { method = "GET", headers } = req;
  const url = new URL(req.url ?? "/", server.url);
  const onward = request(url, { method, headers }, (response) => {
    const { "transfer-encoding": _, connection, ...fields } = response.headers; // they are about one connection
    res.writeHead(response.statusCode ?? 500, fields);
    response.pipe(res);
  });
  onward.once("error", () => res.destroy());
  res.once("close", () => onward.destroy());
  req.pipe(onward);
}

async function run(driver: string): Promise<string> {
  const file = join(folder, "c.yaml");
  writeFileSync(file, `target: { url: "${origin}/channels/{channel}" }\n${driver}`);
  const tests = ["server/polling/*", "server/publishing/r*", "server/histories/alone"];
  const words = ["-c", file, "--histories", "20", ...tests.flatMap((glob) => ["--run", glob])];
  const { stdout, stderr } = await runCli(["server", ...words]);
  return stdout + stderr;
}

declared("with a declaration, every test finds its channels", async () => {
  const declare = `declare: { http: { method: PUT, url: "${origin}/admin/{channel}" } }`;
  const said = await run(`driver:\n  publish: { protocol: true }\n  ${declare}\n`);
  assert.match(said, /^25 tests: 22 pass, 3 not-run in /m, said); // without --control, nothing is restarted
});

declared("without one, the verdict says what is missing", async () => {
  assert.match(await run(""), /^not verified: \d+ MUST need .*channel/m);
});

declared("a declaration that fails gives no verdict, and says why", async () => {
  const declare = `declare: { http: { method: PATCH, url: "${origin}/admin/{channel}" } }`;
  const said = await run(`driver:\n  publish: { protocol: true }\n  ${declare}\n`);
  assert.match(said, /NO VERDICT: a channel cannot be declared: the driver's PATCH .* was answered with 404/);
});

declared.run();
