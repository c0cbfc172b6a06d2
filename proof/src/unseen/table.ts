// Runs the suite against the mutants of `proof/unseen`: with random histories only, and with the fixed tests only. Writes
// the page of the docs:
//   npm run unseen-table -w @tidemark/proof -- [--only 'key*,tag-*'] [--part model|fixed] [--jobs 4]
import { parseArgs } from "node:util";
import { findBy, HOW, PARTS, readUnseen, writeUnseen } from "./found.ts";
import { SERVERS, type UnseenMutant, unseenMutants } from "./unseen-mutants.ts";

const { values } = parseArgs({
  options: {
    only: { type: "string", default: "*" },
    part: { type: "string" },
    jobs: { type: "string", default: "4" },
  },
});
const pattern = new RegExp(`^(${values.only.replaceAll("*", ".*").replaceAll(",", "|")})$`);
const all = (await Promise.all(SERVERS.map(unseenMutants))).flat();
const chosen = all.filter(({ id }) => pattern.test(id));
const parts = PARTS.filter((part) => values.part === undefined || values.part === part);
const waiting = chosen.flatMap((mutant) => parts.map((part) => ({ mutant, part })));
const total = waiting.length;
let done = 0;

async function work(): Promise<void> {
  for (let next = waiting.shift(); next; next = waiting.shift()) await measure(next.mutant, next.part);
}

async function measure(mutant: UnseenMutant, part: (typeof PARTS)[number]): Promise<void> {
  const found = await findBy(mutant, part);
  done += 1;
  console.log(`${done}/${total} ${mutant.id}, ${part}: ${found.requirements.join(", ") || "not found"}`);
  const { how, mutants } = readUnseen();
  const isWhole = total === all.length * PARTS.length;
  await writeUnseen({
    how: isWhole ? HOW : how,
    mutants: { ...mutants, [mutant.id]: { ...mutants[mutant.id], [part]: found } },
  });
}

await Promise.all(Array.from({ length: Number(values.jobs) }, work));
