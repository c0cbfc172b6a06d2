import { test } from "uvu";
import { logContract, memoryHarness } from "./contract.ts";

logContract("memory", memoryHarness(), test);
logContract("memory that outlives its log", memoryHarness({ durable: true }), test);

test.run();
