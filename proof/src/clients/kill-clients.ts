// The kill matrix of broken clients: what the suite finds, against what each declares.
// Usage: node --conditions=source --import tsx src/clients/kill-clients.ts [id…]
import { killClient } from "./kill-client.ts";
import { CLIENT_MUTANTS } from "./mutants.ts";

const asked = process.argv.slice(2);
const chosen = CLIENT_MUTANTS.filter(({ id }) => asked.length === 0 || asked.includes(id));
let bad = 0;
for (const mutant of chosen) {
  const { found, tests, errors, wallMs } = await killClient(mutant);
  const survived = mutant.breaks.filter((id) => !found.includes(id));
  const blamed = found.filter((id) => !mutant.breaks.includes(id));
  const good = survived.length + blamed.length + errors.length === 0 && found.length > 0;
  if (!good) bad += 1;
  console.log(`${good ? "ok " : "BAD"} ${mutant.id} (${(wallMs / 1000).toFixed(1)} s): ${found.join(" ")}`);
  if (!good)
    console.log(`    survived ${survived} | blamed ${blamed}\n    ${[...tests, ...errors].join("\n    ")}`);
}
console.log(`${chosen.length - bad} of ${chosen.length} killed as declared`);
process.exit(bad === 0 ? 0 : 1);
