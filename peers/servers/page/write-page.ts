// Tests every server of the page with both suites, and writes the page, its data and the badges:
//   npm run servers --prefix peers -- [--only nchan,Hono] [--at-once 2]
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { judgeServer, type ServerResult } from "./judge.ts";
import { countOf, renderServers } from "./page.ts";
import { PAGE_SERVERS } from "./subjects.ts";

const { values } = parseArgs({
  options: { only: { type: "string" }, "at-once": { type: "string", default: "2" } },
});
const at = (path: string): string => fileURLToPath(new URL(`../../../docs/${path}`, import.meta.url));
const DATA = at("public/servers.json");
const only = values.only?.split(",");
const waiting = PAGE_SERVERS.filter(({ id }) => only === undefined || only.includes(id));
const known: readonly ServerResult[] = existsSync(DATA) ? JSON.parse(readFileSync(DATA, "utf8")) : [];
const results = new Map(known.map((one) => [one.id, one]));
const failed: string[] = [];
const date = new Date().toISOString().slice(0, 10);

/** Test one server after the other. */
async function work(): Promise<void> {
  for (let server = waiting.shift(); server !== undefined; server = waiting.shift()) {
    const result = await judgeServer(server, date).catch((error: unknown) => {
      failed.push(server?.id ?? "");
      console.error(`${server?.id} could not be tested:`, error);
      return undefined;
    });
    if (!result) continue;
    results.set(server.id, result);
    console.log(`${server.id} ${result.version}: ${countOf(result.delivery)}, ${countOf(result.stream)}`);
    for (const [id, cell] of Object.entries({ ...result.stream?.cells, ...result.delivery?.cells }))
      if (cell === "violated" || cell === "advice") console.log(`  ${cell}: ${id}`);
  }
}

await Promise.all(Array.from({ length: Number(values["at-once"]) }, work));
const all = PAGE_SERVERS.flatMap(({ id }) => {
  const result = results.get(id);
  return result ? [result] : [];
});
writeFileSync(DATA, `${JSON.stringify(all, undefined, 2)}\n`);
writeFileSync(at("reference/servers.md"), renderServers(PAGE_SERVERS, all));
mkdirSync(at("public/badges"), { recursive: true });
for (const { id, delivery } of all) {
  const color = colorOf(delivery?.cells);
  const badge = { schemaVersion: 1, label: "delivery", message: countOf(delivery), color };
  writeFileSync(
    at(
      `public/badges/${id
        .replace(/^@/, "")
        .replace(/[^\w-]+/g, "-")
        .toLowerCase()}.json`,
    ),
    `${JSON.stringify(badge, undefined, 2)}\n`,
  );
}
process.exit(failed.length === 0 ? 0 : 1);

/** As shields.io names colors. */
function colorOf(cells: Readonly<Record<string, string>> = {}): string {
  const all = Object.values(cells);
  if (all.includes("violated")) return "red";
  return all.includes("advice") ? "yellow" : all.length === 0 ? "lightgrey" : "brightgreen";
}
