// What npm packs: no test code, except in the packages and entries that promise it.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { packageFolders, ROOT } from "./package-metadata.mjs";

const TEST_CODE = /\.test\.|\/mutants\/|\/contract\/|\/(test|prove|bench)\/|harness/;
const PROMISED: Readonly<Record<string, RegExp>> = {
  "packages/log-contract": /harness/,
  "packages/log-memory": /\/harness\./,
};

const LOGS = packageFolders().filter((folder: string) => folder.startsWith("packages/log"));

for (const folder of LOGS)
  test(`${folder} is packed without test code that it does not promise`, async () => {
    const cwd = join(ROOT, folder);
    const { stdout } = await promisify(execFile)("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], {
      cwd,
    });
    const [{ files }] = JSON.parse(stdout) as [{ files: { path: string }[] }];
    // Only sources: `dist` is compiled from them, or left over from earlier ones until a release removes it.
    const sources = files.map(({ path }) => path).filter((path) => path.startsWith("src/"));
    assert.ok(sources.length > 0);
    const found = sources.filter((path) => TEST_CODE.test(path));
    assert.equal(
      found.filter((path) => !PROMISED[folder]?.test(path)),
      [],
    );
  });

test.run();
