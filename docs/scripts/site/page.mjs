// The result of every generator: pages for the site, each with its place in the navigation.

/**
 * @typedef {object} Page
 * @property {string} path below the site's root, without an extension: `spec/core`
 * @property {string} title as the navigation shows it
 * @property {"specification" | "suite" | "decisions"} section
 * @property {string} markdown
 * @property {2 | [2, 3]} [outline] the headings that "on this page" lists
 */

/** @param {Page} page @returns {string} the page as a file for VitePress */
export function renderPage({ title, markdown, outline = [2, 3] }) {
  const front = [`title: ${JSON.stringify(title)}`, `outline: ${JSON.stringify(outline)}`];
  return `---\n${front.join("\n")}\n---\n\n${markdown.trim()}\n`;
}
