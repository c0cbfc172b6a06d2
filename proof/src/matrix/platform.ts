import { ensureProgram } from "../../../tools/ensure.mjs";
import { ROOT, RUNTIMES, runProgram } from "./programs.ts";
import type { Subject } from "./subjects.ts";

/** The version of what a client runs on. */
export async function platformOf(on: Subject["on"]): Promise<string> {
  if (on !== "Chromium") return RUNTIMES[on].version;
  const said = await runProgram(ensureProgram("chromium"), ["--version"], ROOT);
  return /[\d.]{5,}/.exec(said)?.[0] ?? said.trim();
}
