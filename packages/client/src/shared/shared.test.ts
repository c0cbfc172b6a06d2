// Where tabs cannot share, `shared` changes nothing. proof/src/browser/shared-tabs.test.ts has the tabs.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { collect } from "../../../../testing/clients/collect.ts";
import {
  block,
  closing,
  opening,
  scriptedOrigin,
  stream,
} from "../../../../testing/servers/scripted-origin.ts";
import { subscribe } from "../index.ts";
import { canShare, groupName } from "./group-name.ts";

test("on Node, a shared subscription has a connection of its own", async () => {
  assert.is(canShare(), false);
  const origin = await scriptedOrigin(stream(opening("P0") + block("C1") + closing("C1")));
  assert.equal(await collect(subscribe(origin.url, { shared: true })), ["C1"]);
  assert.equal(
    origin.asked.map(({ query }) => query.stream),
    ["1"],
  );
  await origin.close();
});

test("`shared: true` needs to see who asks", () => {
  const { fetch } = globalThis;
  assert.throws(() => subscribe("http://localhost/a", { shared: true, fetch }), /name the reader/);
  subscribe("http://localhost/a", { shared: "ann", fetch });
});

/** The name of the tabs that share with a subscription. */
function nameOf(url: string, options: object, reader: string | true = true): Promise<string> {
  const session = { url: new URL(url), options } as unknown as Parameters<typeof groupName>[0];
  return groupName(session, reader);
}

test("what differs in messages or credentials has another name", async () => {
  const url = "https://example.org/channels/a?b=c";
  const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
  const names = await Promise.all([
    nameOf(url, {}),
    nameOf(`${url}d`, {}),
    nameOf("https://example.org/channels/a", {}),
    nameOf(url, { events: ["x"] }),
    nameOf(url, { events: ["x", "y"] }),
    nameOf(url, { events: [] }),
    nameOf(url, { credentials: "include" }),
    nameOf(url, { credentials: "omit" }),
    nameOf(url, { maxMessageBytes: 9 }),
    nameOf(url, bearer("1")),
    nameOf(url, bearer("2")),
    nameOf(url, { headers: { "x-tenant": "Bearer 1" } }),
    nameOf(url, {}, "ann"),
    nameOf(url, {}, "bob"),
    nameOf(url, {}, '[["authorization","Bearer 1"]]'),
  ]);
  assert.is(new Set(names).size, names.length);
  for (const name of names) assert.match(name, /^tidemark\/1 [0-9a-f]{64}$/);
});

test("what is the same has the same name", async () => {
  const url = "https://example.org/channels/a";
  const headers = { a: "1", b: "2" };
  const name = await nameOf(url, { headers });
  assert.is(
    await nameOf(url, {
      headers: [
        ["B", "2"],
        ["A", "1"],
      ],
    }),
    name,
  );
  assert.is(await nameOf(url, { headers: async () => new Headers(headers) }), name);
  assert.is(await nameOf(url, { headers, credentials: "same-origin", waitS: 9, limit: 3 }), name);
  assert.is(await nameOf(url, { events: ["x", "y"] }), await nameOf(url, { events: ["y", "x", "y"] }));
  const named = await nameOf(url, { headers }, "ann");
  assert.is(await nameOf(url, { headers: () => assert.unreachable("headers are not needed") }, "ann"), named);
});

test.run();
