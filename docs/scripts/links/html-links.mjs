// Reads the links and anchors of an HTML page.

const TAG = /<([a-z][\w-]*)((?:\s+[^\s"'<>/=]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'=<>`]+))?)*)\s*\/?>/gi;
const ATTRIBUTE = /([^\s"'<>/=]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+))/g;
const ENTITIES = { "&amp;": "&", "&quot;": '"', "&#39;": "'", "&lt;": "<", "&gt;": ">" };

/**
 * @typedef {object} PageLinks
 * @property {ReadonlySet<string>} anchors
 * @property {readonly string[]} hrefs that a reader can follow
 * @property {readonly string[]} resources that a browser loads by itself
 */

/** @param {string} html @returns {PageLinks} */
export function readLinks(html) {
  const anchors = new Set();
  const hrefs = [];
  const resources = [];
  for (const [, name = "", text = ""] of withoutScripts(html).matchAll(TAG)) {
    const attributes = readAttributes(text);
    const { id, href, src } = attributes;
    if (id !== undefined) anchors.add(id);
    if (src !== undefined) resources.push(src);
    if (href === undefined) continue;
    if (name.toLowerCase() === "link") resources.push(href);
    else hrefs.push(href);
  }
  return { anchors, hrefs, resources };
}

/** Remove the contents of scripts and styles, which are not markup. */
function withoutScripts(html) {
  return html.replace(/<!--[\s\S]*?-->/g, "").replace(/(<(script|style)\b[^>]*>)[\s\S]*?<\/\2>/gi, "$1");
}

function readAttributes(text) {
  const entries = [...text.matchAll(ATTRIBUTE)].map(([, name = "", double, single, bare]) => [
    name.toLowerCase(),
    (double ?? single ?? bare ?? "").replace(/&(?:amp|quot|#39|lt|gt);/g, (entity) => ENTITIES[entity]),
  ]);
  return Object.fromEntries(entries);
}
