// Starts one of the broken servers, to run the suite against it: npm run mutant -w @tidemark/proof -- <id>
// Without an id, it lists them all.
import { ALL_MUTANTS } from "./mutants/all.ts";
import { start } from "./peer/start.ts";

const [id] = process.argv.slice(2);
const mutant = ALL_MUTANTS.find((one) => one.id === id);
if (mutant) {
  const server = await start(mutant);
  console.log(`${mutant.title}\nlistening on ${server.url}, control interface at ${server.controlUrl}`);
} else {
  for (const { id: name, title } of ALL_MUTANTS) console.log(`${name}: ${title}`);
  if (id !== undefined) console.error(`no mutant has the id ${id}; the ids are listed above`);
  process.exitCode = id === undefined ? 0 : 2;
}
