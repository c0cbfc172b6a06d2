import { execFile } from "node:child_process";
import { mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { sources } from "../../../tools/launch.mjs";
import { temporaryDirectory } from "../test/lmdb-harness.ts";
import { smallDisk } from "../test/small-disk.ts";

const logSource = new URL("lmdb-log.ts", import.meta.url).href;

/** The output of opening a log in another process, which is killed if it takes long. */
async function failureOf(path: string): Promise<string> {
  const code = `
    import { LmdbLog } from ${JSON.stringify(logSource)};
    await LmdbLog.open(${JSON.stringify(path)}).then(() => console.log("opened"), (error) => console.log(error.message));
    process.exit();`;
  const args = [...sources, "--input-type=module", "--eval", code];
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 60_000 });
  return stdout.trim();
}

async function withDirectory(run: (path: string) => Promise<void>): Promise<void> {
  const path = await temporaryDirectory();
  await run(path);
  await rm(path, { recursive: true });
}

if (process.platform === "linux") {
  for (const path of ["/proc/tidemark", "/proc/self/tidemark/below", "/sys/tidemark"]) {
    test(`an unwritable directory fails at once: ${path}`, async () => {
      assert.match(await failureOf(path), /^Cannot open a log in \/.*(ENOENT|EACCES|EPERM|EROFS)/);
    });
  }
}

test("a path that cannot be a directory fails at once", () =>
  withDirectory(async (path) => {
    await writeFile(join(path, "file"), "");
    await symlink("loop", join(path, "loop"));
    for (const [name, expected] of [
      ["file", "is not a directory"],
      ["file/below", "ENOTDIR"],
      ["loop/below", "ELOOP"],
      ["x".repeat(300), "ENAMETOOLONG"],
      ["nul\0byte", "null bytes"],
    ] as const) {
      const failure = await failureOf(join(path, name));
      assert.match(failure, "Cannot open a log in", name);
      assert.match(failure, expected, name);
    }
  }));

test("a pipe or a directory in place of the data file is reported", () =>
  withDirectory(async (path) => {
    await mkdir(join(path, "a", "data.mdb"), { recursive: true });
    assert.match(await failureOf(join(path, "a")), "data.mdb is not a file");
    await mkdir(join(path, "b"));
    await promisify(execFile)("mkfifo", [join(path, "b", "data.mdb")]);
    assert.match(await failureOf(join(path, "b")), "data.mdb is not a file");
  }));

test("a full or read-only disk is reported at the first opening", async () => {
  const disk = await smallDisk(256 * 1024);
  await writeFile(join(disk.path, "other"), Buffer.alloc(256 * 1024)).catch((error: NodeJS.ErrnoException) =>
    assert.is(error.code, "ENOSPC"),
  );
  assert.match(await failureOf(join(disk.path, "log")), /^Cannot open a log in .*(ENOSPC|No space left)/);
  await disk.unmount();
});

test.run();
