import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { SETTINGS_PAGE, settingsPage } from "../../test/settings-page.ts";
import { serving, tidemark } from "../../test/tidemark-command.ts";

test("the guide lists every setting: npm run settings -w @tidemark/server", () => {
  assert.is(readFileSync(SETTINGS_PAGE, "utf8"), settingsPage());
});

test("--print-config prints the settings of a command and opens nothing", async () => {
  const { ended, output } = tidemark(
    "serve",
    "--print-config",
    "--port",
    "1",
    "--log",
    "redis://u:hush@127.0.0.1:1",
  );
  assert.is(await ended, 0);
  assert.match(output.stdout, /^port: 1 +# --port /m);
  assert.match(output.stdout, /^log: redis:\/\/127.0.0.1:1 +# --log /m);
  assert.is(output.stderr, "");
});

test("workers get the settings of the first process, not those that the file has by then", async () => {
  const folder = mkdtempSync(join(tmpdir(), "tidemark-settings-"));
  const file = join(folder, "tidemark.yaml");
  writeFileSync(file, "heartbeat: 7\nworkers: 2\n");
  try {
    await serving(["--config", file], async (base) => {
      const claims = (await fetch(`${base}a`)).headers.get("tidemark");
      assert.match(claims ?? "", /heartbeat=7/);
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a file that does not exist is reported", async () => {
  const { ended, output } = tidemark("serve", "--config", "/nowhere/tidemark.yaml");
  assert.is(await ended, 1);
  assert.match(output.stderr, /^tidemark: The file of settings cannot be read: .*\/nowhere\/tidemark.yaml/);
});

test.run();
