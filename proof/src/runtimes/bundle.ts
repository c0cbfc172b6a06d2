import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type BuildOptions, build, type Plugin } from "esbuild";

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const packages = at("../../../packages");

/** The tests of how clients behave, as every runtime runs them. */
const EVERYWHERE = [
  "client-core/src/commit.test.ts",
  "client-core/src/failures.test.ts",
  "client-core/src/gap.test.ts",
  "client-core/src/redirect.test.ts",
  "client-core/src/state.test.ts",
  "client-core/src/stop.test.ts",
  "client-polling/src/polling.test.ts",
  "client-long-polling/src/long-polling.test.ts",
  "client-sse/src/sse.test.ts",
  "client-sse/src/silence.test.ts",
  "client-sse/src/stream-reader.test.ts",
  "client-sse/src/event-source.test.ts",
  "client-publishing/src/publish.test.ts",
  "client/src/ladder.test.ts",
].map((file) => join(packages, file));

/**
 * Files; the events of `window`, which a page does not let a test replace; and what a paused reader holds, which in a
 * Chromium whose network is watched by its tools is everything (proof/prove/page-backpressure.test.ts has the other).
 */
const OUTSIDE_PAGES = [
  "client-core/src/stores",
  "client-core/src/comeback",
  "client-sse/src/backpressure",
].map((file) => join(packages, `${file}.test.ts`));

/** What only browsers have. */
const IN_PAGES = [at("browser-stores.ts")];

/** Puts the servers of the tests at the other end of the link. */
const atADistance: Plugin = {
  name: "servers at a distance",
  setup({ onResolve }) {
    onResolve({ filter: /\/serve\.ts$/ }, () => ({ path: at("serve-remotely.ts") }));
  },
};

/** Where tests run; `node` stands for every version of it. */
export type Platform = "node" | "deno" | "bun" | "browser";

/** All tests for a platform as one module. */
export async function bundleTests(platform: Platform, outfile: string): Promise<void> {
  const isPage = platform === "browser";
  const files = [...EVERYWHERE, ...(isPage ? IN_PAGES : OUTSIDE_PAGES)];
  const imports = [at(isPage ? "page-link.ts" : "socket-link.ts"), ...files].map(
    (file) => `import ${JSON.stringify(file)};`,
  );
  const contents = `${imports.join("\n")}
    import { runTests } from ${JSON.stringify(at("run-tests.ts"))};
    await runTests();`;
  // What is CommonJS inside undici asks for Node's modules by `require`.
  const banner = { js: 'import { createRequire } from "node:module"; const require = createRequire("/");' };
  // The tests are of packages that say that nothing in them has an effect of its own.
  const how = {
    bundle: true,
    ignoreAnnotations: true,
    format: "esm",
    plugins: [atADistance],
    outfile,
  } satisfies BuildOptions;
  const where = {
    platform: isPage ? "browser" : "node",
    conditions: ["source", ...(isPage || platform === "node" ? [] : [platform])],
    ...(isPage ? {} : { banner }),
  } satisfies BuildOptions;
  await build({ stdin: { contents, resolveDir: at(".") }, ...how, ...where });
}
