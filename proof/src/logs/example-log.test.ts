// The example log outside `packages/` passes the contract and, found by its scheme, the conformance suite.
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Log } from "@tidemark/log";
import { type LogHarness, type LogUnderTest, logContract } from "@tidemark/log-contract";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { FilesLog } from "../../../examples/log-files/log-files.mjs";
import { tidemarkIn } from "../../../packages/server/test/tidemark-command.ts";
import { reportOn, violated } from "../judge/report.ts";

const EXAMPLE = fileURLToPath(new URL("../../../examples/log-files", import.meta.url));
const KEY_TTL_MS = 1_000;

const harness: LogHarness = {
  durable: true,
  lacks: { another: "one process", trim: "only by retention", lose: "no older state" },
  create,
};

async function create(): Promise<LogUnderTest> {
  const directory = await mkdtemp(join(tmpdir(), "tidemark-files-"));
  let nowMs = 0;
  const open = (): Log => new FilesLog(directory, { keyTtlMs: KEY_TTL_MS, now: () => nowMs });
  let log = open();
  return {
    log,
    async expireKeys() {
      nowMs += KEY_TTL_MS;
    },
    async restart() {
      await log.dispose();
      log = open();
      return log;
    },
    async dispose() {
      await log.dispose();
      await rm(directory, { recursive: true });
    },
  };
}

logContract("files", harness, test);

async function withFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "tidemark-files-"));
  await mkdir(join(folder, "node_modules"));
  await symlink(EXAMPLE, join(folder, "node_modules/tidemark-log-files"));
  await run(folder).finally(() => rm(folder, { recursive: true }));
}

test("a line that a crash cut short is dropped, and the log continues", () =>
  withFolder(async (folder) => {
    const first = new FilesLog(folder);
    await first.append("a", [{ json: "1" }]);
    await first.dispose();
    const path = join(folder, "journal.jsonl");
    await writeFile(path, `${await readFile(path, "utf8")}{"channel":"a","dra`);
    const second = new FilesLog(folder);
    await second.append("a", [{ json: "2" }]);
    const { messages } = await second.read("a", "start", { maxMessages: 10 });
    await second.dispose();
    assert.equal(
      messages.map(({ json }: { json: string }) => json),
      ["1", "2"],
    );
  }));

test("found by its scheme, it passes the conformance suite", () =>
  withFolder(async (folder) => {
    const server = tidemarkIn(folder, "serve", "--port", "0", "--log", "files:./data", "--drain", "0");
    try {
      await Promise.race([once(server.child.stdout ?? server.child, "data"), server.ended]);
      const [, url] = /^listening on (http:\S+)\n.*kept in \.\/data,/.exec(server.output.stdout) ?? [];
      assert.ok(url, server.output.stderr);
      assert.equal(violated(await reportOn({ url, seed: 1 })), []);
    } finally {
      server.child.kill("SIGKILL");
      await server.ended;
    }
  }));

test.run();
