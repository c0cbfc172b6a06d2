import { ensureProgram } from "../../../tools/ensure.mjs";
import { ROOT, RUNTIMES, runProgram } from "./programs.ts";
import type { Subject } from "./subjects.ts";

/** The version of the runtime of a client. */
export async function platformOf(on: Subject["on"]): Promise<string> {
  if (on !== "Chromium") return RUNTIMES[on].version;
  const said = await runProgram(ensureProgram("chromium"), ["--version"], ROOT);
  const [, version] = /^Chromium (\S+)/m.exec(said) ?? [];
  if (version === undefined) throw new Error(`Chromium printed no version: ${said}`);
  return version;
}
