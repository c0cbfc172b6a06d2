// A module hook that compiles `.ts` files with esbuild. Compiled files are kept in node_modules/.cache/typescript, by
// the hash of their content.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";

const CACHE = new URL("../../node_modules/.cache/typescript/", import.meta.url);
/** Part of each key. Increase it when OPTIONS change. */
const VERSION = "1";

/** @type {import("esbuild").TransformOptions} */
const OPTIONS = {
  loader: "ts",
  format: "esm",
  target: "node20",
  sourcemap: "inline",
  sourcesContent: false,
  tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true, useDefineForClassFields: false } },
};

export async function load(url, context, nextLoad) {
  const [path] = url.split(/[?#]/);
  if (!path.startsWith("file:") || !path.endsWith(".ts")) return nextLoad(url, context);
  const file = fileURLToPath(path);
  const text = readFileSync(file, "utf8");
  const name = basename(file); // what the source map names; the same file in two folders is compiled once
  const hash = createHash("sha256").update(`${VERSION} ${name}\n${text}`).digest("hex");
  const cached = new URL(`${hash}.js`, CACHE);
  const source = read(cached) ?? (await compile(name, text, cached));
  return { format: "module", source, shortCircuit: true };
}

function read(url) {
  try {
    return readFileSync(url, "utf8");
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
  }
}

async function compile(sourcefile, text, cached) {
  const { transform } = await import("esbuild"); // 30 ms, which most processes do not need
  const { code } = await transform(text, { ...OPTIONS, sourcefile });
  mkdirSync(CACHE, { recursive: true });
  // Several processes can compile the same file at once. Each of them reads either a whole file or none.
  const own = new URL(`${process.pid}-${Math.random()}`, CACHE);
  writeFileSync(own, code);
  renameSync(own, cached);
  return code;
}
