import { main } from "../cli/program.ts";
import { SUITES } from "../suites/suites.ts";
import { tinyCommand } from "./tiny-suite.ts";

await main(process.argv, [...SUITES, tinyCommand]);
