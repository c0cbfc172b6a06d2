// What the front page shows besides its text: the version, where the repository is, and figures of real runs.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { METADATA } from "../../../tools/package-metadata.mjs";
import { ROOT } from "./repository.mjs";

const read = (path) => readFile(join(ROOT, path), "utf8");

/**
 * @returns {Promise<{ version: string, repository: string, broken: { found: number, of: number },
 *   recorded: { messages: number, lost: number, repeated: number, cutS: number } }>}
 */
export async function readHomeFacts() {
  const { version } = JSON.parse(await read("packages/server/package.json"));
  const [, found, of] =
    /^It catches (\d+) of (\d+) broken servers/m.exec(await read("docs/reference/kill-matrix.md")) ?? [];
  if (of === undefined)
    throw new Error("docs/reference/kill-matrix.md does not say how many servers it catches");
  const recording = JSON.parse(await read("docs/recordings/playground.json"));
  return {
    version,
    repository: METADATA.repository,
    broken: { found: Number(found), of: Number(of) },
    recorded: recordedFacts(recording),
  };
}

/** What arrived in a recording of the playground, in all columns together. */
export function recordedFacts({ events, parts }) {
  const totals = { messages: 0, lost: 0, repeated: 0 };
  for (const { event } of events) {
    if (event.type !== "message") continue;
    totals.messages += 1;
    totals.lost += event.lost;
    totals.repeated += event.repeated;
  }
  const at = parts.findIndex(({ situation }) => situation.cut);
  return { ...totals, cutS: Math.round((parts[at + 1].t - parts[at].t) / 1_000) };
}
