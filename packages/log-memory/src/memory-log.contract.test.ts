import { logContract } from "@tidemark/log-contract";
import { test } from "uvu";
import { memoryHarness } from "./harness.ts";

logContract("memory", memoryHarness(), test);
logContract("memory that outlives its log", memoryHarness({ durable: true }), test);

test.run();
