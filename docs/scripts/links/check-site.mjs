// Checks every link of a built site, as a browser with a plain file server would follow it.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { readLinks } from "./html-links.mjs";

/**
 * @typedef {object} Report
 * @property {number} pages
 * @property {number} links that lead into the site, anchors included
 * @property {readonly string[]} faults dead links, and resources of other hosts, as `page: what`
 */

/** @param {string} folder of the built site @returns {Promise<Report>} */
export async function checkSite(folder) {
  const files = await filesBelow(folder);
  const pages = new Map();
  for (const file of files.filter((name) => name.endsWith(".html")))
    pages.set(file, readLinks(await readFile(join(folder, file), "utf8")));
  const known = new Set(files);
  const faults = [];
  let links = 0;
  for (const [file, { hrefs, resources }] of pages) {
    for (const href of [...hrefs, ...resources].filter((target) => !isElsewhere(target))) {
      links += 1;
      if (!leadsSomewhere(href, file, known, pages)) faults.push(`${file}: dead link ${href}`);
    }
    const foreign = resources.filter((target) => /^(?:https?:)?\/\//.test(target));
    faults.push(...foreign.map((target) => `${file}: loads ${target} from another host`));
  }
  return { pages: pages.size, links, faults };
}

/** All files below a folder, with slashes, relative to it. */
async function filesBelow(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length).replace(/^\/+/, ""));
}

/** Whether a link leaves the site. */
function isElsewhere(href) {
  return /^(?:[a-z][a-z+.-]*:|\/\/)/i.test(href);
}

function leadsSomewhere(href, from, known, pages) {
  const { pathname, hash } = new URL(href, `http://site/${from}`);
  const path = decodeURIComponent(pathname).slice(1);
  const file = candidates(path).find((candidate) => known.has(candidate));
  if (file === undefined) return false;
  const anchor = decodeURIComponent(hash.slice(1));
  return anchor === "" || (pages.get(file)?.anchors.has(anchor) ?? false);
}

/** The files that a URL path without an extension can mean. */
function candidates(path) {
  if (path === "" || path.endsWith("/")) return [`${path}index.html`];
  return [path, `${path}.html`];
}
