// TypeScript does not copy the generated validators, which are JavaScript already.
import { cp } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
await cp(at("src/generated"), at("dist/generated"), { recursive: true });
