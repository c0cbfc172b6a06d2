// The next user of a browser has its cache: a page that only some users may read is revalidated at each use.
import { MemoryLog } from "@tidemark/log-memory";
import { ProtocolError } from "@tidemark/protocol";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { numbers } from "../../../testing/logs/drafts.ts";
import { serving } from "../../../testing/servers/serving.ts";
import { type PollingOptions, polling } from "./polling.ts";

const somebody = (): string => "somebody";
/** Allows every read without a principal, like a hook that protects only publishing. */
const anybody = (): undefined => undefined;

const CASES: readonly (readonly [
  title: string,
  options: PollingOptions,
  headers: Readonly<Record<string, string>>,
  cacheControl: string,
])[] = [
  ["everyone may read", {}, {}, "private, max-age=3600"],
  ["a hook knows the reader", { authorize: somebody }, {}, "private, no-cache"],
  ["a hook allows everything", { authorize: anybody }, {}, "private, no-cache"],
  ["a hook reads its own header field", { authorize: somebody }, { "X-Api-Key": "k" }, "private, no-cache"],
  ["a proxy in front reads cookies", {}, { Cookie: "user=ann" }, "private, no-cache"],
  ["a proxy in front reads tokens", {}, { Authorization: "Bearer t" }, "private, no-cache"],
  ["nothing may be stored", { authorize: somebody, maxAgeS: 0 }, {}, "no-store"],
  [
    "all channels are public",
    { authorize: somebody, isPublic: true },
    { Cookie: "user=ann" },
    "public, max-age=3600",
  ],
  [
    "this channel is public, but others are not",
    { authorize: somebody, isPublic: (name) => name === "a", maxAgeS: 60 },
    { Authorization: "Bearer t" },
    "public, max-age=60",
  ],
];

for (const [title, options, headers, cacheControl] of CASES)
  test(`cache-control of history if ${title}: ${cacheControl}, in a 304 too`, async () => {
    const log = new MemoryLog();
    const { cursors } = await log.append("a", numbers(3));
    await serving(polling(log, options), async ({ url }) => {
      for (let time = 1; time <= 2; time += 1) {
        const page = await fetch(url("a", `after=${cursors[0]}&limit=1`), { headers });
        assert.is(page.headers.get("cache-control"), cacheControl);
        await page.arrayBuffer();
        const tag = page.headers.get("etag");
        if (tag === null) continue;
        const again = await fetch(url("a", `after=${cursors[0]}&limit=1`), {
          headers: { ...headers, "If-None-Match": tag },
        });
        assert.equal([again.status, again.headers.get("cache-control")], [304, cacheControl]);
      }
    });
  });

test("a user with another user's page in the cache is authorized before the page is used", async () => {
  const log = new MemoryLog();
  const { cursors } = await log.append("a", numbers(3));
  const authorize: PollingOptions["authorize"] = ({ headers }) => {
    if (headers["x-user"] !== "ann") throw new ProtocolError("forbidden", "Only for Ann");
    return "ann";
  };
  await serving(polling(log, { authorize }), async ({ url }) => {
    const ask = (user: string, tag = ""): Promise<Response> =>
      fetch(url("a", `after=${cursors[0]}&limit=1`), { headers: { "X-User": user, "If-None-Match": tag } });
    const page = await ask("ann");
    const tag = page.headers.get("etag") ?? "";
    assert.is((await ask("ann", tag)).status, 304);
    assert.is((await ask("bob", tag)).status, 403);
  });
});

test.run();
