// How much a web page loads: the clients, minified and compressed.
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { type BuildOptions, build } from "esbuild";
import { test } from "uvu";
import * as assert from "uvu/assert";

/** In bytes. Raise a bound only for a feature that is worth it to everyone who loads the package. */
const bounds = {
  'export * from "@tidemark/client"': 11_650,
  'export { subscribe } from "@tidemark/client-sse"': 7_815,
  'export { readEventStream } from "@tidemark/client-sse/event-stream"': 4_000,
  'export { subscribe } from "@tidemark/client-long-polling"': 7_915,
  'export { subscribe } from "@tidemark/client-polling"': 6_930,
  'export { publish } from "@tidemark/client-publishing"': 4_100,
};

const resolveDir = fileURLToPath(new URL("..", import.meta.url));

for (const [contents, bound] of Object.entries(bounds)) {
  test(`${contents} is at most ${bound} bytes`, async () => {
    const how = { bundle: true, minify: true, write: false, format: "esm" } satisfies BuildOptions;
    const where = { platform: "browser", conditions: ["source"] } satisfies BuildOptions;
    const { outputFiles } = await build({ stdin: { contents, resolveDir }, ...how, ...where });
    const size = gzipSync(outputFiles[0]?.contents ?? "", { level: 9 }).length;
    assert.ok(size > 1_000 && size <= bound, `${size} bytes`);
  });
}

test.run();
