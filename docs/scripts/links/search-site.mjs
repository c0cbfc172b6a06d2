// Searches the built site as its search box does.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import MiniSearch from "minisearch";
import { boostDocument } from "../../.vitepress/search.mjs";

/** The options of the search box of VitePress, and ours (docs/.vitepress/config.mjs). */
const OPTIONS = {
  fields: ["title", "titles", "text"],
  storeFields: ["title", "titles"],
  searchOptions: {
    fuzzy: 0.1,
    prefix: true,
    boost: { title: 4, text: 2, titles: 1 },
    boostDocument,
  },
};

/** @param {string} folder of the built site @returns {Promise<(query: string) => readonly string[]>} the pages, best first */
export async function searchSite(folder) {
  const chunks = join(folder, "assets/chunks");
  const index = (await readdir(chunks)).find((name) => name.startsWith("@localSearchIndexroot"));
  if (index === undefined) throw new Error(`no search index in ${chunks}`);
  // As a URL of data, because Node reads a `.js` file outside the repository as CommonJS.
  const code = await readFile(join(chunks, index), "utf8");
  const { default: json } = await import(`data:text/javascript,${encodeURIComponent(code)}`);
  const search = MiniSearch.loadJSON(json, OPTIONS);
  return (query) => [...new Set(search.search(query).map(({ id }) => String(id).replace(/#.*$/, "")))];
}
