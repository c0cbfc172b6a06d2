import { logContract } from "@tidemark/log/contract";
import { test } from "uvu";
import { lmdbHarness } from "../test/lmdb-harness.ts";

for (const durability of ["process", "disk"] as const) {
  logContract(`lmdb, durable by ${durability}`, lmdbHarness({ durability }), test);
}

test.run();
