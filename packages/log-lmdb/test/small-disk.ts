import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

/** Mounting needs root privileges, as does installing the programs of other tests. */
async function asRoot(...command: readonly string[]): Promise<void> {
  const [program = "", ...args] = process.getuid?.() === 0 ? command : ["sudo", "-n", ...command];
  await promisify(execFile)(program, args);
}

/** An in-memory file system of limited size. */
export interface SmallDisk {
  readonly path: string;
  resize(bytes: number): Promise<void>;
  unmount(): Promise<void>;
}

export async function smallDisk(bytes: number): Promise<SmallDisk> {
  const path = await mkdtemp(join(tmpdir(), "tidemark-disk-"));
  await asRoot("mount", "-t", "tmpfs", "-o", `size=${bytes},mode=777`, "tmpfs", path);
  return {
    path,
    resize: (size) => asRoot("mount", "-o", `remount,size=${size}`, path),
    async unmount() {
      await asRoot("umount", path);
      await rm(path, { recursive: true });
    },
  };
}
