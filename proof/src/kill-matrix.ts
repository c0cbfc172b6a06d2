import { parseArgs } from "node:util";
import type { Job } from "./judge/job.ts";
import type { Kill } from "./judge/kill.ts";
import { runAll } from "./judge/pool.ts";
import { ALL_MUTANTS } from "./mutants/all.ts";

const { values } = parseArgs({ options: { only: { type: "string", default: "*" } } });
const pattern = new RegExp(`^(${values.only.replaceAll("*", ".*").replaceAll(",", "|")})$`);
const chosen = ALL_MUTANTS.filter(({ id }) => pattern.test(id));
let done = 0;
await runAll<Job, Kill>(
  chosen.map(({ id }) => ({ kind: "mutant", id })),
  ({ id }, result) => {
    done += 1;
    const good = result.survived.length + result.blamed.length === 0;
    console.log(
      `${good ? "ok  " : "BAD "} ${done}/${chosen.length} ${id} ${Math.round(result.wallMs)}ms${result.lagged ? " LAGGED" : ""} ${result.verdict}`,
    );
    if (!good || result.idle.length > 0)
      console.log(
        `     survived ${result.survived} | blamed ${result.blamed} | idle ${result.idle}\n     ${result.tests.join("\n     ")}`,
      );
  },
);
