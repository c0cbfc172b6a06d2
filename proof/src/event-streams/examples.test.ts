// The suite verifies the examples of the profile, and finds what its counter-examples break.
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { runOn } from "./judge/run.ts";

const PROFILE = new URL("../../../spec/profiles/event-stream.md", import.meta.url);

interface Example {
  readonly id: string;
  readonly path: string;
  readonly lastId: string | undefined;
  readonly status: number;
  readonly fields: readonly (readonly [string, string])[];
  readonly body: string;
}

const EXAMPLES: readonly Example[] = [
  ...readFileSync(PROFILE, "utf8").matchAll(/^```http id=([\w-]+)\n([\s\S]*?)^```$/gm),
].map(([, id = "", text = ""]) => {
  const [request = "", head = "", ...blocks] = text.split("\n\n");
  const [statusLine = "", ...lines] = head.split("\n");
  return {
    id,
    path: /^GET (\S+)/.exec(request)?.[1] ?? "",
    lastId: /^Last-Event-ID: (.*)$/m.exec(request)?.[1],
    status: Number(statusLine.split(" ")[1]),
    fields: lines.map(
      (line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)] as const,
    ),
    body: blocks.join("\n\n"),
  };
});

/** Answer as the examples do: an unknown id as `es-unknown`, the newest id with the head alone. */
function answer(req: IncomingMessage, res: ServerResponse): void {
  const own = EXAMPLES.filter(({ path }) => path === req.url);
  const lastId = req.headers["last-event-id"]?.toString();
  const isKnown = lastId === undefined || own.some(({ body }) => body.includes(`id: ${lastId}\n`));
  const exact = own.find((one) => one.lastId === (isKnown ? lastId : "999")) ?? own[0];
  if (!exact) return void res.writeHead(404).end();
  res.writeHead(exact.status, exact.fields.flat());
  if (req.method !== "GET") return void res.end();
  res.write(exact.lastId === lastId || !isKnown ? exact.body : ": open\n\n");
  if (exact.path !== "/events" || exact.status !== 200) return void res.end();
  const beat = setInterval(() => res.write(":\n\n"), 5_000); // a feed stays open, and nothing more happens
  res.once("close", () => clearInterval(beat));
}

/** What the suite finds and verifies in the examples of a path. */
async function judged(path: string): Promise<{ readonly found: string[]; readonly verified: string[] }> {
  const server = createServer(answer).listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    const { port } = server.address() as AddressInfo;
    const { summary } = await runOn(`http://127.0.0.1:${port}${path}`, { observeMs: 1_000 });
    const all = (summary?.requirements ?? []).filter(({ level }) => level !== "MAY");
    const those = (...standings: string[]): string[] =>
      all.filter(({ standing }) => standings.includes(standing)).map(({ requirement }) => requirement);
    return { found: those("violated", "not-met"), verified: those("verified") };
  } finally {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
}

const paths = [...new Set(EXAMPLES.map(({ path }) => path))];
const results = new Map(paths.map((path) => [path, judged(path)]));

for (const path of paths)
  test(`the examples of ${path}`, async () => {
    const broken = EXAMPLES.filter((one) => one.path === path).flatMap(
      ({ id }) => /^es-breaks-(.*)$/.exec(id)?.[1] ?? [],
    );
    const { found, verified } = (await results.get(path)) ?? { found: [], verified: [] };
    assert.equal(
      found,
      broken.map((id) => `ES-${id.toUpperCase()}`),
    );
    assert.ok(verified.length >= 10, verified.join(" "));
  });

test("a feed, a refusal, a run and two counter-examples are run", () => assert.is(EXAMPLES.length, 6));

test.run();
