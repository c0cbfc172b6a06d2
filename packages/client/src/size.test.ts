// How much a web page loads: the clients, minified and compressed.
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { type BuildOptions, build } from "esbuild";
import { test } from "uvu";
import * as assert from "uvu/assert";

/** In bytes. Raise a bound only for a feature that is worth it to everyone who loads the package. */
const bounds = {
  'export * from "@tidemark/client"': 11_950,
  'export { subscribe } from "@tidemark/client-sse"': 7_815,
  'export { readEventStream } from "@tidemark/client-sse/event-stream"': 4_000,
  'export { subscribe } from "@tidemark/client-long-polling"': 7_915,
  'export { subscribe } from "@tidemark/client-polling"': 6_930,
  'export { publish } from "@tidemark/client-publishing"': 4_100,
};

/** The bound of the code for the option `shared`. */
const SHARED_BOUND = 2_750;

const resolveDir = fileURLToPath(new URL("..", import.meta.url));

async function sizeOf(contents: string, more: BuildOptions): Promise<number> {
  const how = { bundle: true, minify: true, write: false, format: "esm" } satisfies BuildOptions;
  const where = { platform: "browser", conditions: ["source"] } satisfies BuildOptions;
  const { outputFiles } = await build({ stdin: { contents, resolveDir }, ...how, ...where, ...more });
  return gzipSync(outputFiles?.[0]?.contents ?? "", { level: 9 }).length;
}

for (const [contents, bound] of Object.entries(bounds)) {
  test(`${contents} is at most ${bound} bytes`, async () => {
    const size = await sizeOf(contents, { external: ["*/shared.ts"] });
    assert.ok(size > 1_000 && size <= bound, `${size} bytes`);
  });
}

test(`what the option \`shared\` loads on demand is at most ${SHARED_BOUND} bytes more`, async () => {
  const contents = 'export * from "@tidemark/client"';
  const size = (await sizeOf(contents, {})) - (await sizeOf(contents, { external: ["*/shared.ts"] }));
  assert.ok(size > 1_000 && size <= SHARED_BOUND, `${size} bytes`);
});

test.run();
