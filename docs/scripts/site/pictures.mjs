// The pictures of the site, each drawn from the code or from a recorded run.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathPicture } from "./path-picture.mjs";
import { ROOT } from "./repository.mjs";
import { structurePicture } from "./structure-picture.mjs";
import { verdictPicture } from "./verdict-picture.mjs";

const json = async (path) => JSON.parse(await readFile(join(ROOT, path), "utf8"));

/** @returns {Promise<Readonly<Record<string, string>>>} SVG by name */
export async function drawPictures() {
  return {
    path: pathPicture(await json("docs/recordings/path.json")),
    structure: structurePicture(await readNeeds()),
    verdict: verdictPicture(await json("docs/recordings/verdict.json")),
  };
}

/** The packages of the repository that each package needs at run time. */
async function readNeeds() {
  const folders = (await readdir(join(ROOT, "packages"))).sort();
  const needs = new Map();
  for (const folder of folders) {
    const { dependencies = {} } = await json(`packages/${folder}/package.json`);
    const own = Object.keys(dependencies).map((name) => name.replace("@tidemark/", ""));
    needs.set(
      folder,
      own.filter((name) => folders.includes(name)),
    );
  }
  return needs;
}
