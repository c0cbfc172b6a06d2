import { readFile } from "node:fs/promises";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { editedFiles, ROOT, SERVERS, unseenMutants } from "./unseen-mutants.ts";

const requirements = JSON.parse(await readFile(`${ROOT}spec/requirements.json`, "utf8")) as {
  id: string;
  subject: string;
}[];
const known = new Set(requirements.filter(({ subject }) => subject === "server").map(({ id }) => id));

for (const server of SERVERS) {
  test(`${server}: the text of each edit occurs exactly once, and each file changes`, async () => {
    for (const mutant of await unseenMutants(server))
      for (const [file, text] of await editedFiles(mutant))
        assert.is.not(text, await readFile(`${ROOT}${file}`, "utf8"), `${mutant.id} does not change ${file}`);
  });

  test(`${server}: there are at least 32 mutants, and each names requirements of servers`, async () => {
    const mutants = await unseenMutants(server);
    assert.ok(mutants.length >= 32, `only ${mutants.length} mutants`);
    for (const { id, breaks, wrong, source, edits } of mutants) {
      assert.ok(breaks.length > 0, `${id} names no requirement`);
      for (const requirement of breaks) assert.ok(known.has(requirement), `${id} names ${requirement}`);
      assert.match(wrong, /\.$/, `${id}: ${wrong}`);
      assert.match(source, /^(?:spec|https:\/\/.+)$/, `${id}: ${source}`);
      assert.ok(edits.length > 0, `${id} has no edit`);
    }
  });
}

test("an edit whose text does not occur exactly once is refused", async () => {
  const [mutant] = await unseenMutants("python");
  assert.ok(mutant);
  const [edit] = mutant.edits;
  assert.ok(edit);
  for (const find of ["no such text", "e"]) {
    const refused = await editedFiles({ ...mutant, edits: [{ ...edit, find }] }).then(
      () => "applied",
      (error: Error) => error.message,
    );
    assert.match(refused, /times in .*, not once$/);
  }
});

test("no two mutants have the same id", async () => {
  const ids = (await Promise.all(SERVERS.map(unseenMutants))).flat().map(({ id }) => id);
  assert.is(new Set(ids).size, ids.length);
});

test.run();
