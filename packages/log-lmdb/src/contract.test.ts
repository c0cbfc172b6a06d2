import { logContract } from "@tidemark/log-contract";
import { test } from "uvu";
import { lmdbHarness } from "../test/lmdb-harness.ts";

logContract("lmdb, durable by process", lmdbHarness({ durability: "process" }), test);

test.run();
