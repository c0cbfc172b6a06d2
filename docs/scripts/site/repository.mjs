// Where the site's sources are.
import { fileURLToPath } from "node:url";

/** The repository's root, with a slash at its end. */
export const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** The folder that prepare writes; nothing in it is kept in the repository. */
export const GENERATED = `${ROOT}docs/generated`;
