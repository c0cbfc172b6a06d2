import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { readTarget } from "./request-target.ts";

const GOOD: readonly (readonly [url: string, path: string, search: string, host?: string])[] = [
  ["/channels/a", "/channels/a", ""],
  ["/channels/a?x=1?y#z", "/channels/a", "?x=1?y#z"],
  ["//a/b", "//a/b", ""],
  ["/%zz", "/%zz", ""],
  ["http://h/channels/a?x", "/channels/a", "?x", "h"],
  ["HTTPS://h:80/a/../b", "/a/../b", "", "h:80"],
  ["http://[::1]:3000?x", "/", "?x", "[::1]:3000"],
  ["http://h", "/", "", "h"],
];

for (const [url, path, search, host] of GOOD)
  test(`${url} asks for ${path}`, () => assert.equal(readTarget("GET", url), { path, search, host }));

const BAD = [
  "",
  "*",
  "http://",
  "http://[",
  "http://?",
  "http:///a",
  "http://h:port/",
  "http://h:99999/",
  "http://user@h/",
  "http://a b/",
  "http:/a",
  "http:a",
  "ftp://h/a",
  "h:80",
  "a",
  "?a",
];

for (const url of BAD)
  test(`"${url}" is not a valid target for GET`, () => assert.is(readTarget("GET", url), undefined));

test("* is a valid target for OPTIONS", () =>
  assert.equal(readTarget("OPTIONS", "*"), { path: "*", search: "", host: undefined }));

test("no text throws, and path and search are always parts of the text", () =>
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.webUrl(),
        fc.string().map((text) => `http://${text}`),
      ),
      (url) => {
        const target = readTarget("GET", url);
        if (target === undefined) return;
        assert.ok(url.endsWith(target.search));
        assert.ok(target.path.startsWith("/"));
        assert.ok(target.path === "/" || url.includes(target.path.slice(1)));
      },
    ),
  ));

test.run();
