import { writeFileSync } from "node:fs";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { type CliResult, runCli } from "./run-cli.ts";
import { type Script, scriptedServer } from "./scripted-server.ts";

/** A problem as the doctor reports it. */
export interface Trouble {
  readonly what: string;
  readonly cause: string;
  readonly advice: string;
}

/** Run the doctor in a folder, on a URL or with a configuration. */
export function examine(
  cwd: string,
  target: string | object,
  ...args: readonly string[]
): Promise<CliResult> {
  if (typeof target === "string") return runCli(["doctor", target, ...args], { cwd });
  writeFileSync(join(cwd, "c.json"), JSON.stringify(target));
  return runCli(["doctor", "-c", "c.json", ...args], { cwd });
}

/** Run the doctor on a server that answers by a script. */
export async function examineScript(
  cwd: string,
  script: Script,
  ...args: readonly string[]
): Promise<CliResult> {
  const scripted = await scriptedServer(script);
  const result = await examine(cwd, `${scripted.origin}/channels/{channel}`, ...args);
  await scripted.close();
  return result;
}

/** The one problem that the doctor found. */
export function trouble({ stdout }: CliResult): Trouble {
  const found = /^problem +(.*)\n +cause: (.*)\n(?: {15}.*\n)* {8}fix: +(.*)$/m.exec(stdout);
  assert.ok(found, stdout);
  assert.is(stdout.match(/^problem/gm)?.length, 1, stdout);
  const [, what = "", cause = "", advice = ""] = found;
  return { what, cause, advice };
}
