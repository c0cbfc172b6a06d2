// How a test starts a program of this repository: the built one if `npm test` has just built it, else from sources.
import { fileURLToPath } from "node:url";

const built = process.env.TIDEMARK_BUILT === "1";

/** Node's arguments for the command of a workspace, which its users run as `dist/main.js`. */
export function mainOf(workspace) {
  const at = (path) => fileURLToPath(new URL(`../${workspace}/${path}`, import.meta.url));
  return built ? [at("dist/main.js")] : [...sources, at("src/main.ts")];
}

/** Node's arguments for code that imports our packages, including TypeScript. */
export const sources = [
  ...(built ? [] : ["--conditions=source"]),
  "--import",
  new URL("typescript/register.mjs", import.meta.url).href, // absolute: the program may run in any folder
];
