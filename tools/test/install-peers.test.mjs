// The third-party packages of peers/ are installed once, and a failed installation is reported.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { installPeers } from "./install-peers.mjs";

const install = suite("installing the peers");
let folder = "";

install.before.each(() => {
  folder = mkdtempSync(join(tmpdir(), "tidemark-peers-"));
});
install.after.each(() => rmSync(folder, { recursive: true }));

function write() {
  const manifest = { name: "peers", version: "0.0.0" };
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
  const lock = { ...manifest, lockfileVersion: 3, requires: true, packages: { "": manifest } };
  writeFileSync(join(folder, "package-lock.json"), JSON.stringify(lock));
}

install("what is installed is not installed again, until the lock file changes", async () => {
  write();
  assert.is(await installPeers(folder), undefined);
  const manifest = join(folder, "package.json");
  rmSync(manifest); // npm ci would fail now
  assert.is(await installPeers(folder), undefined);
  writeFileSync(join(folder, "package-lock.json"), "{}");
  assert.match(await installPeers(folder), "npm ci failed");
});

install("a failed installation is reported, and tried again next time", async () => {
  writeFileSync(join(folder, "package-lock.json"), "{}"); // without a package.json
  assert.match(await installPeers(folder), "npm ci failed");
  assert.not(existsSync(join(folder, "node_modules/.installed")));
  assert.match(await installPeers(folder), "npm ci failed");
});

install.run();
