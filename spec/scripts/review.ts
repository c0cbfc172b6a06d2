// Confirms that the tests of changed requirements and vectors were reviewed:
//   npm run reviewed -w @tidemark/spec -- SSE-RESUME-2 vectors/cursors.json …
// Without an id, it lists the pending reviews.
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { confirm, pendingReviews } from "./reviewed.ts";
import { REVIEWED, readReviewed, readSpecification } from "./specification.ts";

function main(root: string, ids: readonly string[]): number {
  const { reviewables } = readSpecification(root);
  const reviewed = confirm(reviewables, readReviewed(root), ids);
  if (reviewed === undefined) {
    console.error(`not in the specification: ${ids.join(" ")}`);
    return 2;
  }
  if (ids.length > 0) writeFileSync(join(root, REVIEWED), `${JSON.stringify(reviewed, null, 2)}\n`);
  const pending = pendingReviews(reviewables, reviewed);
  for (const { id, text } of pending) console.log(`${id}: ${text}`);
  console.log(`${reviewables.length - pending.length} of ${reviewables.length} reviewed`);
  return 0;
}

process.exitCode = main(dirname(dirname(fileURLToPath(import.meta.url))), process.argv.slice(2));
