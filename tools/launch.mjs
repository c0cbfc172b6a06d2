// How a test starts a program of this repository: as built where `npm test` has just built it, else from its sources.
import { fileURLToPath } from "node:url";

const built = process.env.TIDEMARK_BUILT === "1";

/** Node's arguments for a workspace's command: what `dist/main.js` is to its users. */
export function mainOf(workspace) {
  const at = (path) => fileURLToPath(new URL(`../${workspace}/${path}`, import.meta.url));
  return built ? [at("dist/main.js")] : [...sources, at("src/main.ts")];
}

/** Node's arguments for code that imports our packages, TypeScript included. */
export const sources = [
  ...(built ? [] : ["--conditions=source"]),
  "--import",
  import.meta.resolve("tsx"), // found from here, whatever folder the program runs in
];
