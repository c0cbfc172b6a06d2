// Renders recorded exchanges, and removes what differs from run to run.

/**
 * @typedef {object} Exchange one command and its output
 * @property {string} title
 * @property {string} text the explanation above it
 * @property {readonly string[]} commands as typed
 * @property {string} output
 */

/** @param {readonly Exchange[]} exchanges @returns {string} the page */
export function render(exchanges) {
  const parts = exchanges.map(({ title, text, commands, output }) => {
    const typed = commands.map((command) => `$ ${command}`).join("\n");
    return `## ${title}\n\n${text}\n\n\`\`\`console\n${typed}\n${output.trimEnd()}\n\`\`\`\n`;
  });
  return `# With curl alone

Every exchange of the protocol, recorded from the reference server (\`npx @tidemark/server serve --port 3000\`). A test runs them again and compares.

${parts.join("\n")}`;
}

/**
 * Make the text equal for every run: number cursors by their first appearance, sort header fields, and remove the fields
 * of the connection, dates, tags and random delays.
 */
export function normalize(text) {
  const cursors = new Map();
  const name = (cursor) => {
    if (!cursors.has(cursor)) cursors.set(cursor, `{c${cursors.size + 1}}`);
    return cursors.get(cursor);
  };
  return text
    .replace(/(?<=^HTTP\/1\.1 .*\n)(?:[\w-]+: .*\n)+/gm, orderFields)
    .replace(/^Date: .*$/gm, "Date: {date}")
    .replace(/^ETag: .*$/gm, "ETag: {etag}")
    .replace(/^(retry|Retry-After|Content-Length): .*$/gm, "$1: {n}")
    .replace(/answered after [\d.]+ s/g, "answered after {n} s")
    .replace(/^[\d:.]+ (answered|published)$/gm, "{time} $1")
    .replace(/[A-Za-z0-9_-]{8,}\.\d+\.[A-Za-z0-9_-]+/g, name);
}

function orderFields(head) {
  const fields = head.split(/(?<=\n)/).filter((line) => !/^(?:Connection|Keep-Alive): /.test(line));
  return fields.sort().join("");
}

/** The milliseconds between the publish and the answer to the held request, as the page shows them. */
export function shownLatencyMs(text) {
  const [published, answered] = ["published", "answered"].map((word) => {
    const [, hours, minutes, seconds] = new RegExp(`^(\\d+):(\\d+):([\\d.]+) ${word}$`, "m").exec(text) ?? [];
    return ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1_000;
  });
  return answered - published;
}
