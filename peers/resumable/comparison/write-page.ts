// Compares the libraries over 200 cuts, and writes docs/reference/resumable.md: npm run compare-resumable --prefix peers
import { writeFileSync } from "node:fs";
import { RedisServer } from "../../../testing/engines/redis-server.ts";
import { randomFrom } from "../../../testing/random-from.ts";
import { type Comparison, compare, LIBRARIES } from "./compare.ts";
import { CHUNKS } from "./programs/chunks.mjs";

const PAGE = new URL("../../../docs/reference/resumable.md", import.meta.url);
const SEED = 20_261_130;
/** Five cuts a run: 200. */
const EFFORT = { runs: 40, cuts: 5 };

const ROWS: readonly (readonly [title: string, cell: (result: Comparison) => string])[] = [
  ["events lost", ({ lost }) => String(lost)],
  ["events repeated", ({ repeated }) => String(repeated)],
  ["resumptions refused, because the run was over", ({ refused }) => String(refused)],
  ["CPU time of both servers for 1 000 events", ({ cpuMs }) => `${Math.round(cpuMs)} ms`],
  ["lines that the application needs", ({ lines }) => String(lines)],
];

const redis = await RedisServer.start();
const results: Comparison[] = [];
try {
  for (const library of LIBRARIES) results.push(await compare(library, redis, randomFrom(SEED), EFFORT));
} finally {
  await redis.stop();
}
writeFileSync(PAGE, page());

function page(): string {
  const head = ["", ...LIBRARIES.map(({ name }) => `\`${name}\``)];
  const rows = ROWS.map(([title, cell]) => [title, ...results.map(cell)]);
  return [
    "# Resumable streams, compared",
    "",
    `Written by \`npm run compare-resumable --prefix peers\` on ${new Date().toISOString().slice(0, 10)}.`,
    "",
    `One Redis, two server processes, and ${EFFORT.runs} runs of ${CHUNKS} events. Each run is read by one reader whose connection is cut after ${EFFORT.cuts} random events. It resumes at either process, as the library's README says: after the last event's id, or after the number of characters that it has. The programs are in \`peers/resumable/comparison/programs\`.`,
    "",
    ...[head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`),
    "",
    "The two libraries promise different things. `resumable-stream` keeps a run in the memory of the process that produces it, and Redis only carries what is requested, so that a stream that nobody resumes costs next to nothing. A run that is over is no longer there: the application reads it from its own store. `@tidemark/resumable` writes each event to the log before it sends it, so any process can serve all of it, also after the end of the run or of its process.",
    "",
  ].join("\n");
}
