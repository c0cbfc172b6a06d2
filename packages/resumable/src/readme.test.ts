import { test } from "uvu";
import { testReadme } from "../../../testing/readme.ts";

await testReadme(import.meta.url);

test.run();
