// What the site and the README show of recorded runs is what was recorded, and the code still has the files.
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { DOCS } from "./run.mjs";
import { readHomeFacts } from "./site/home-facts.mjs";
import { drawPictures } from "./site/pictures.mjs";
import { structurePicture } from "./site/structure-picture.mjs";

const json = async (path) => JSON.parse(await readFile(join(DOCS, path), "utf8"));

test("the picture in the README is the recorded verdict", async () => {
  const { verdict } = await drawPictures();
  assert.is(await readFile(join(DOCS, "public/verdict.svg"), "utf8"), verdict);
  assert.match(
    (await json("recordings/verdict.json")).lines.at(-1),
    /^CONFORMANT .* (\d+)\/\1 MUST verified$/,
  );
});

test("the path of a message leads through files that exist, on both sides", async () => {
  const files = (await json("recordings/path.json")).flatMap((lane) => lane.files);
  assert.equal(
    files.filter((file) => !existsSync(join(DOCS, "..", file))),
    [],
  );
  for (const name of [
    "server-core",
    "server-publishing",
    "server-sse",
    "log-memory",
    "client-core",
    "client-sse",
  ])
    assert.ok(
      files.some((file) => file.startsWith(`packages/${name}/`)),
      name,
    );
});

test("the recorded run of the playground lost and repeated nothing, although it was cut", async () => {
  const { recorded, broken } = await readHomeFacts();
  assert.ok(recorded.messages > 300 && recorded.cutS >= 5, JSON.stringify(recorded));
  assert.equal([recorded.lost, recorded.repeated], [0, 0]);
  assert.is(broken.found, broken.of);
});

test("the picture of the packages draws what each needs directly, in rows", () => {
  const needs = new Map([
    ["app", ["middle", "base"]],
    ["middle", ["base"]],
    ["base", []],
  ]);
  const svg = structurePicture(needs);
  assert.is(svg.match(/<rect/g)?.length, 3);
  assert.is(svg.match(/<path/g)?.length, 2, "app reaches base through middle");
  const [app, middle, base] = ["app", "middle", "base"].map((name) => svg.indexOf(`>${name}<`));
  assert.ok((app ?? 0) < (middle ?? 0) && (middle ?? 0) < (base ?? 0));
});

test.run();
