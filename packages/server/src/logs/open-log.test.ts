import { once } from "node:events";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { serving, tidemark, tidemarkIn } from "../../test/tidemark-command.ts";
import { findLog } from "./open-log.ts";

test("a log on disk keeps messages when the server ends, and rejects a second server", async () => {
  const directory = await mkdtemp(join(tmpdir(), "tidemark-serve-"));
  const log = ["--log", `lmdb:${directory}?durability=disk`];
  try {
    const init = { method: "POST", headers: { "Content-Type": "application/json" } };
    let cursor = "";
    await serving([...log, "--drain", "0"], async (base, { child, ended }) => {
      const published = await fetch(`${base}a`, { ...init, body: '{"messages":[{"data":1},{"data":2}]}' });
      const { cursors } = (await published.json()) as { cursors: string[] };
      cursor = cursors[0] ?? "";
      const second = tidemark("serve", "--port", "0", ...log);
      assert.is(await second.ended, 1);
      assert.match(second.output.stderr, new RegExp(`^tidemark: .* in use by process ${child.pid}`));
      child.kill("SIGKILL");
      await ended;
    });
    await serving(log, async (base) => {
      const page = (await (await fetch(`${base}a?after=${cursor}`)).json()) as {
        messages: { data: number }[];
      };
      assert.equal(
        page.messages.map(({ data }) => data),
        [2],
      );
    });
  } finally {
    await rm(directory, { recursive: true });
  }
});

test("without --log, messages are kept on disk, and the first lines say where and what they survive", async () => {
  const folder = await mkdtemp(join(tmpdir(), "tidemark-serve-"));
  try {
    const { child, output, ended } = tidemarkIn(folder, "serve", "--port", "0", "--drain", "0");
    await Promise.race([once(child.stdout ?? child, "data"), ended]);
    assert.match(
      output.stdout,
      /messages are kept in \.\/tidemark-data, and survive kill -9, but not a power loss/,
    );
    child.kill("SIGTERM");
    assert.is(await ended, 0);
    assert.ok((await readdir(join(folder, "tidemark-data"))).includes("data.mdb"));
    await serving(["--log", `lmdb:${folder}/tidemark-data?durability=disk`], async (_, { output }) =>
      assert.match(output.stdout, /survive a power loss/),
    );
    await serving([], async (_, { output }) =>
      assert.match(output.stdout, /kept in memory, until the process ends/),
    );
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("an unusable directory is reported with a fix, and an address is printed without its password", async () => {
  const folder = await mkdtemp(join(tmpdir(), "tidemark-serve-"));
  try {
    await writeFile(join(folder, "tidemark-data"), "");
    const { ended, output } = tidemarkIn(folder, "serve", "--port", "0");
    assert.is(await ended, 1);
    assert.match(output.stderr, /^tidemark: .*tidemark-data is not a directory.*--log memory/);
    for (const scheme of ["redis", "nats"])
      assert.not.match((await findLog(`${scheme}://user:secret@10.0.0.1:6379`)).keeps, "secret");
  } finally {
    await rm(folder, { recursive: true });
  }
});

test.run();
