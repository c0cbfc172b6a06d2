import { test } from "uvu";
import { testReadme } from "../../server-core/test/readme.ts";

await testReadme(import.meta.url);

test.run();
