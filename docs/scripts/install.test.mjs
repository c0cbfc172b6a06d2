// Checks what the guide says about installing, CommonJS and TypeScript, and that samples import only installed packages.
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { DOCS } from "./run.mjs";

const ROOT = join(DOCS, "..");
const BUILTIN = /^(?:node:|\.)/;
const test = suite("installing");
/** Without our export conditions, Node loads compiled code: skip these tests on a checkout that is not built. */
const built = process.env.TIDEMARK_BUILT === undefined ? test.skip : test;
let folder = "";

/** @returns {Promise<string>} its output, whatever its exit code */
async function run(file, args) {
  const child = promisify(execFile)(process.execPath, [file, ...args], { cwd: folder });
  return child.then(
    ({ stdout }) => stdout,
    ({ stdout, stderr }) => stdout + stderr,
  );
}

test.before(async () => {
  await mkdir(join(DOCS, "generated"), { recursive: true });
  folder = await mkdtemp(join(DOCS, "generated/install-")); // inside the repository, where the packages are found
});
test.after(() => rm(folder, { recursive: true }));

const LOADS = {
  "import of an ES module": [
    "a.mjs",
    'import { subscribe } from "@tidemark/client"; console.log(typeof subscribe);',
  ],
  "import() of a CommonJS file": [
    "b.cjs",
    'import("@tidemark/client/file-store").then(({ fileStore }) => console.log(typeof fileStore));',
  ],
};
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major > 22 || (major === 22 && minor >= 12) || (major === 20 && minor >= 19))
  LOADS["require of a CommonJS file, where Node has it"] = [
    "c.cjs",
    'const { subscribe } = require("@tidemark/client"); console.log(typeof subscribe);',
  ];

for (const [name, [file, code]] of Object.entries(LOADS))
  built(name, async () => {
    await writeFile(join(folder, file), code);
    assert.is(await run(join(folder, file), []), "function\n");
  });

built("an older Node answers require with ERR_REQUIRE_ESM", async () => {
  await writeFile(join(folder, "d.cjs"), 'require("@tidemark/client");');
  assert.match(await run("--no-experimental-require-module", [join(folder, "d.cjs")]), "ERR_REQUIRE_ESM");
});

const OLD = { module: "commonjs", ignoreDeprecations: "6.0" };
const RESOLUTIONS = {
  nodenext: [{ module: "nodenext" }, /^$/],
  node16: [{ module: "node16", moduleResolution: "node16" }, /^$/],
  bundler: [{ module: "esnext", moduleResolution: "bundler" }, /^$/],
  node10: [{ ...OLD, moduleResolution: "node10" }, /TS2307: Cannot find module '@tidemark\/client'/],
  "node10, as TypeScript 6 says": [{ module: "commonjs", moduleResolution: "node10" }, /deprecated/],
};

for (const [name, [options, expected]] of Object.entries(RESOLUTIONS))
  built(`moduleResolution ${name}`, async () => {
    const file = name.includes("node10") ? "e.cts" : "e.mts";
    await writeFile(
      join(folder, file),
      'import type { SubscribeOptions } from "@tidemark/client";\nimport { fileStore } from "@tidemark/client/file-store";\nexport const store: typeof fileStore = fileStore;\nexport type { SubscribeOptions };\n',
    );
    const compilerOptions = { strict: true, noEmit: true, skipLibCheck: true, types: [], ...options };
    await writeFile(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: [file] }));
    assert.match(await run(join(ROOT, "node_modules/typescript/bin/tsc"), ["-p", folder]), expected);
  });

built("types in a CommonJS file", async () => {
  const code =
    'import type { SubscribeOptions } from "@tidemark/client" with { "resolution-mode": "import" };\nexport type Options = SubscribeOptions;\n';
  await writeFile(join(folder, "f.cts"), code);
  const compilerOptions = { strict: true, noEmit: true, skipLibCheck: true, types: [], module: "nodenext" };
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["f.cts"] }));
  assert.is(await run(join(ROOT, "node_modules/typescript/bin/tsc"), ["-p", folder]), "");
});

/** The packages that a piece of code imports. @returns {string[]} */
function importsOf(code) {
  const names = [...code.matchAll(/^(?:import|export|\} from)\b[^"'(=]*["']([^"']+)["']/gm)].map(
    ([, name]) => name,
  );
  return names
    .filter((name) => !BUILTIN.test(name))
    .map((name) =>
      name
        .split("/")
        .slice(0, name.startsWith("@") ? 2 : 1)
        .join("/"),
    );
}

/** The packages that a text says to install. @returns {string[]} */
function installsOf(text) {
  return [...text.matchAll(/npm (?:install|i)(?: --save-dev)? ([^\n`#]+)/g)].flatMap(([, names = ""]) =>
    names.trim().split(/\s+/),
  );
}

/** The code that a page shows, including its samples. */
async function codeOf(text) {
  const samples = [...text.matchAll(/^<<< \.\.\/samples\/([\w.-]+\.mjs)/gm)].map(([, name = ""]) =>
    readFile(join(DOCS, "samples", name), "utf8"),
  );
  const blocks = [...text.matchAll(/^```(?:[tj]s|mjs)\n(.*?)^```/gms)].map(([, code]) => code);
  return [...blocks, ...(await Promise.all(samples))].join("\n");
}

test("every README and guide page says to install the packages that it imports", async () => {
  const packages = (await readdir(join(ROOT, "packages"))).map((name) => `packages/${name}/README.md`);
  const pages = (await readdir(join(DOCS, "guide"))).map((name) => `docs/guide/${name}`);
  const missing = [];
  let imports = 0;
  for (const file of [...packages, ...pages, "conformance/README.md"]) {
    const text = await readFile(join(ROOT, file), "utf8");
    const code = await codeOf(text);
    const installed = [...installsOf(text), ...installsOf(code)];
    for (const name of importsOf(code)) {
      imports += 1;
      if (!installed.includes(name)) missing.push(`${file}: ${name}`);
    }
  }
  assert.ok(imports > 20);
  assert.equal(missing, []);
});

test.run();
