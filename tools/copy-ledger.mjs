// Copies the ledger into the suite's package, so that the package does not depend on this repository.
import { copyFile, mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
await mkdir(at("conformance/data"), { recursive: true });
await copyFile(at("spec/requirements.json"), at("conformance/data/requirements.json"));
