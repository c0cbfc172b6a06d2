import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { installRuntime, runProgram } from "./programs.ts";
import type { Shown } from "./render-clients.ts";

/**
 * Run the scripts that show a finding without the suite; the first line of each is its title.
 * @throws if the output of a script differs from the file beside it: then the finding is out of date
 */
export async function showByHand(folder: string): Promise<Shown[]> {
  const [program = "node"] = await installRuntime("Node 24");
  const names = (await readdir(folder)).filter((name) => name.endsWith(".mjs")).sort();
  const shown: Shown[] = [];
  for (const name of names) {
    const [first = "", ...code] = (await readFile(join(folder, name), "utf8")).split("\n");
    const output = await runProgram(program, [join(folder, name)], folder);
    const wanted = await readFile(join(folder, name.replace(/mjs$/, "txt")), "utf8");
    if (output !== wanted) throw new Error(`${name}: expected the output\n${wanted}but got\n${output}`);
    shown.push({ title: first.replace("// ", ""), code: code.join("\n"), output });
  }
  return shown;
}
