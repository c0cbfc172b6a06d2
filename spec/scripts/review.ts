// Confirms that the tests of changed requirements were looked at: npm run reviewed -w @tidemark/spec -- SSE-RESUME-2 …
// Without an id it lists what is to be looked at.
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { confirm, pendingReviews } from "./reviewed.ts";
import { REVIEWED, readReviewed, readSpecification } from "./specification.ts";

function main(root: string, ids: readonly string[]): number {
  const { requirements } = readSpecification(root).ledger;
  const reviewed = confirm(requirements, readReviewed(root), ids);
  if (reviewed === undefined) {
    console.error(`not in the specification: ${ids.join(" ")}`);
    return 2;
  }
  if (ids.length > 0) writeFileSync(join(root, REVIEWED), `${JSON.stringify(reviewed, null, 2)}\n`);
  const pending = pendingReviews(requirements, reviewed);
  for (const { id, text } of pending) console.log(`${id}: ${text}`);
  console.log(`${requirements.length - pending.length} of ${requirements.length} requirements reviewed`);
  return 0;
}

process.exitCode = main(dirname(dirname(fileURLToPath(import.meta.url))), process.argv.slice(2));
