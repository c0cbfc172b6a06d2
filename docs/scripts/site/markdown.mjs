// The parts of Markdown that the generators need.

const FENCE = /^\s*```/;

/**
 * Change the text, but not the code blocks.
 * @param {string} markdown @param {(line: string) => string} change
 */
export function mapText(markdown, change) {
  let inCode = false;
  return markdown
    .split("\n")
    .map((line) => {
      const fence = FENCE.test(line);
      if (fence) inCode = !inCode;
      return inCode || fence ? line : change(line);
    })
    .join("\n");
}

/**
 * Change the parts of a line that are neither inline code nor a link.
 * @param {string} line @param {(text: string) => string} change
 */
export function mapProse(line, change) {
  return line
    .split(/(`[^`]*`|\[[^\]]*\]\([^)]*\))/)
    .map((part, index) => (index % 2 === 0 ? change(part) : part))
    .join("");
}

/** @param {string} text */
export function escapeHtml(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}

/**
 * A sentence with inline code, emphasis and links, as HTML.
 * @param {string} text
 */
export function inlineHtml(text) {
  return text
    .split(/(`[^`]*`)/)
    .map((part, index) => {
      if (index % 2 === 1) return `<code>${escapeHtml(part.slice(1, -1))}</code>`;
      return escapeHtml(part)
        .replace(/\[([^\]]+)\]\(([^)]+)\)/g, '<a href="$2">$1</a>')
        .replace(/\*([^*]+)\*/g, "<em>$1</em>");
    })
    .join("");
}
