import { test } from "uvu";
import { testReadme } from "../test/readme.ts";

await testReadme(import.meta.url);

test.run();
