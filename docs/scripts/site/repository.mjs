// The folders of the site's sources.
import { fileURLToPath } from "node:url";

/** The repository's root, with a slash at its end. */
export const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** The folder that prepare writes; git ignores it. */
export const GENERATED = `${ROOT}docs/generated`;
