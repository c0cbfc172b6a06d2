import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type BuildOptions, build, type Plugin } from "esbuild";

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const packages = at("../../../packages");

/** The tests of clients that every runtime runs. */
const EVERYWHERE = [
  "client-core/src/loop/commit.test.ts",
  "client-core/src/loop/failures.test.ts",
  "client-core/src/loop/gap.test.ts",
  "client-core/src/network/redirect.test.ts",
  "client-core/src/loop/state.test.ts",
  "client-core/src/loop/stop.test.ts",
  "client-polling/src/polling.test.ts",
  "client-long-polling/src/long-polling.test.ts",
  "client-sse/src/sse.test.ts",
  "client-sse/src/silence.test.ts",
  "client-sse/src/stream-reader.test.ts",
  "client-sse/src/event-source.test.ts",
  "client-publishing/src/publish.test.ts",
  "client/src/fallback.test.ts",
  "client/src/climb.test.ts",
].map((file) => join(packages, file));

/**
 * Tests that do not run in pages: they use files, replace the events of `window`, or measure what a paused reader
 * buffers. Under an automation tool, Chromium buffers everything; see proof/prove/page-backpressure.test.ts instead.
 */
const OUTSIDE_PAGES = [
  "client-core/src/stores/stores",
  "client-core/src/loop/comeback",
  "client-sse/src/backpressure",
].map((file) => join(packages, `${file}.test.ts`));

/** Tests of features that only browsers have. */
const IN_PAGES = [at("browser-stores.ts")];

/** Replaces the tests' `serve.ts`, so that their servers run at the other end of the link. */
const atADistance: Plugin = {
  name: "servers at a distance",
  setup({ onResolve }) {
    onResolve({ filter: /\/serve\.ts$/ }, () => ({ path: at("serve-remotely.ts") }));
  },
};

/** Replaces `uvu` in the tests, so that a suite that hangs can name its test. */
const withTitles: Plugin = {
  name: "titles of running tests",
  setup({ onResolve }) {
    const path = at("titled-uvu.ts");
    onResolve({ filter: /^uvu$/ }, ({ importer }) => (importer === path ? undefined : { path }));
  },
};

/** Where tests run; `node` is any version of Node. */
export type Platform = "node" | "deno" | "bun" | "browser";

/** Bundle all tests for a platform into one module. */
export async function bundleTests(platform: Platform, outfile: string): Promise<void> {
  const isPage = platform === "browser";
  const files = [...EVERYWHERE, ...(isPage ? IN_PAGES : OUTSIDE_PAGES)];
  const imports = [at(isPage ? "page-link.ts" : "socket-link.ts"), ...files].map(
    (file) => `import ${JSON.stringify(file)};`,
  );
  const contents = `${imports.join("\n")}
    import { runTests } from ${JSON.stringify(at("run-tests.ts"))};
    await runTests();`;
  // The CommonJS code inside undici loads Node's modules by `require`.
  const banner = { js: 'import { createRequire } from "node:module"; const require = createRequire("/");' };
  // The packages declare that their modules have no side effects; without `ignoreAnnotations`, the tests are dropped.
  const how = {
    bundle: true,
    ignoreAnnotations: true,
    format: "esm",
    plugins: [atADistance, withTitles],
    outfile,
  } satisfies BuildOptions;
  const where = {
    platform: isPage ? "browser" : "node",
    conditions: ["source", ...(isPage || platform === "node" ? [] : [platform])],
    ...(isPage ? {} : { banner }),
  } satisfies BuildOptions;
  await build({ stdin: { contents, resolveDir: at(".") }, ...how, ...where });
}
