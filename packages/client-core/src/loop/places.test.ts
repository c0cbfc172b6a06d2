// Which pages of the vectors `places` a client accepts.
import { readFile } from "node:fs/promises";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { collect } from "../../../../testing/clients/collect.ts";
import { noClock } from "../../../../testing/clients/no-clock.ts";
import { page, scriptedOrigin } from "../../../../testing/servers/scripted-origin.ts";
import { pages } from "../../test/pages.ts";
import { ConnectionError } from "../index.ts";
import { createSubscription } from "../kit.ts";

interface PageVector {
  readonly id: string;
  readonly asked: string;
  readonly first: string;
  readonly page?: {
    readonly messages: readonly string[];
    readonly cursor: string;
    readonly more: boolean;
    readonly gap?: true;
  };
  readonly believed: boolean;
}

const file = new URL("../../../../spec/vectors/places.json", import.meta.url);
const vectors = (JSON.parse(await readFile(file, "utf8")) as readonly PageVector[]).filter(
  ({ page }) => page,
);

test("there are vectors of both kinds", () => {
  assert.ok(vectors.some(({ believed }) => believed) && vectors.some(({ believed }) => !believed));
});

for (const { id, asked, first, page: given, believed } of vectors)
  test(id, async () => {
    const { messages = [], cursor = "", more = false, gap } = given ?? {};
    const told = { reason: "retention", requested: asked, start: "e.0", end: "e.9" } as const;
    const failures: string[] = [];
    const origin = await scriptedOrigin(
      page([first, asked]),
      page([...messages], { cursor, more, ...(gap && { gap: told }) }),
      page([], { cursor: "e.9", closed: true }),
    );
    const seen = await collect(
      createSubscription(pages, origin.url, {
        delay: noClock().delay,
        onGap: () => "start",
        onRetry: ({ error }) =>
          failures.push(error instanceof ConnectionError ? error.failure : error.message),
      }),
    );
    await origin.close();
    assert.equal(failures, believed ? [] : ["misplaced"]);
    assert.equal(seen, [first, asked, ...(believed ? messages : [])]);
  });

test.run();
