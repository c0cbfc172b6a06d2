// Copies the ledgers, one for each document, into the suite's package, so that the package does not depend on this repository.
import { existsSync } from "node:fs";
import { copyFile, mkdir, readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
await mkdir(at("conformance/data"), { recursive: true });
await copyFile(at("spec/requirements.json"), at("conformance/data/requirements.json"));
if (existsSync(at("spec/profiles"))) {
  await mkdir(at("conformance/data/profiles"), { recursive: true });
  for (const name of await readdir(at("spec/profiles")))
    if (name.endsWith(".json"))
      await copyFile(at(`spec/profiles/${name}`), at(`conformance/data/profiles/${name}`));
}
