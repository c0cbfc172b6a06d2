// Fails on dead links, dead anchors and resources from other hosts in the built site.
//   node scripts/check-links.mjs [folder]
import { fileURLToPath } from "node:url";
import { checkSite } from "./links/check-site.mjs";

const folder = process.argv[2] ?? fileURLToPath(new URL("../.vitepress/dist", import.meta.url));
const { pages, links, faults } = await checkSite(folder);
for (const fault of faults) console.error(fault);
console.log(`${pages} pages, ${links} links, ${faults.length} dead`);
if (faults.length > 0 || pages === 0) process.exitCode = 1;
