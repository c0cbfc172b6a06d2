import { logContract } from "@tidemark/log-contract";
import { test } from "uvu";
import { lmdbHarness } from "../test/lmdb-harness.ts";

logContract("lmdb, durable by disk", lmdbHarness({ durability: "disk" }), test);

test.run();
