import { readdirSync, readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";

interface Row {
  readonly id: string;
  readonly requirement: string;
}

const at = (path: string) => new URL(`../${path}`, import.meta.url);
const read = (path: string) => JSON.parse(readFileSync(at(path), "utf8")) as readonly Row[];
const FILES = readdirSync(at("vectors")).map((name) => `vectors/${name}`);

test("the specification has at least eleven files of vectors", () => {
  assert.ok(FILES.length >= 11);
});

test("ids are unique across all files", () => {
  const ids = FILES.flatMap((file) => read(file).map(({ id }) => id));
  const doubles = ids.filter((id, index) => ids.indexOf(id) !== index);
  assert.equal(doubles, []);
});

test("every vector names a requirement that exists", () => {
  const known = new Set(
    (JSON.parse(readFileSync(at("requirements.json"), "utf8")) as readonly Row[]).map(({ id }) => id),
  );
  const lost = FILES.flatMap((file) => read(file).filter(({ requirement }) => !known.has(requirement)));
  assert.equal(lost, []);
});

test.run();
