// The suite carries the ledger it was built against, so that its package stands alone.
import { copyFile, mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
await mkdir(at("conformance/data"), { recursive: true });
await copyFile(at("spec/requirements.json"), at("conformance/data/requirements.json"));
