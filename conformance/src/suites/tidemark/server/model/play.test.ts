import { test } from "uvu";
import * as assert from "uvu/assert";
import { LagMonitor } from "../../../../engine/run/lag.ts";
import { type PythonServer, pythonServer } from "../../../../testing/python-server.ts";
import { discover } from "../discover.ts";
import { settle } from "../options.ts";
import { PLAIN, pairOf } from "./channels.ts";
import { type Played, play } from "./play.ts";
import type { History, PublishStep, ReadStep, StreamStep } from "./steps.ts";

const LIMIT_MS = 20_000;

const base = { channel: 0, travel: "close" } as const;

const publish: PublishStep = { do: "publish", tag: 100_001, count: 1, size: 0, events: ["message"], ...base };

const stream: StreamStep = {
  do: "stream",
  at: { kind: "none" },
  by: "after",
  gap: "start",
  copies: 1,
  eager: true,
  ...base,
};

const poll: ReadStep = { do: "read", at: { kind: "start" }, by: "poll", ...base };

let server: PythonServer;
let plays = 0;

test.before(async () => {
  server = await pythonServer();
});

test.after(() => server.close());

async function played(history: History, isOver?: () => boolean): Promise<Played> {
  const lag = new LagMonitor();
  const { signal } = new AbortController();
  const run = { id: "play", seed: 1, signal, lag, redact: (text: string) => text };
  const target = await discover(settle({ url: server.url }), run);
  plays += 1;
  const channels = pairOf(target.template, `play-${plays}`, PLAIN);
  const limits = { limitMs: LIMIT_MS, sitsOutS: 0, ...(isOver && { isOver }) };
  return play(history, { target, channels, exchanges: [], lag, signal, ...limits });
}

const RIGHT: readonly (readonly [string, History])[] = [
  [
    "a stream that begins before a removal, and is judged after it",
    [publish, stream, { do: "remove", ...base }],
  ],
  [
    "a refusal that could come from either side of a removal",
    [{ ...stream, by: "header", at: { kind: "foreign" } }, publish, { do: "remove", ...base }, publish, poll],
  ],
  [
    "two spellings of one filter",
    [
      publish,
      { ...poll, at: { kind: "oldest", n: 0 }, event: "a" },
      { ...poll, at: { kind: "oldest", n: 0 }, event: "a,a", match: "last" },
    ],
  ],
];

for (const [title, history] of RIGHT)
  test(`a correct server is not blamed for ${title}`, async () => {
    assert.equal(await played(history), { kind: "passed" });
  });

test("a history whose time is over is cut, and does not count as passed", async () => {
  let looks = 0;
  const isOver = (): boolean => {
    looks += 1;
    return looks > 1;
  };
  assert.equal(await played([publish, poll], isOver), { kind: "cut" });
});

test.run();
