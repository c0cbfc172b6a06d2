// How a recorded exchange is shown, and what differs from run to run.

/**
 * @typedef {object} Exchange one command and what it printed
 * @property {string} title
 * @property {string} text what the reader is shown before it
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
 * The same text for every run: cursors by their first appearance, header fields in one order and without those of the
 * connection, and no dates, tags or random delays.
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

/** How long after a publish the held request was answered, as the page shows it, in milliseconds. */
export function shownLatencyMs(text) {
  const [published, answered] = ["published", "answered"].map((word) => {
    const [, hours, minutes, seconds] = new RegExp(`^(\\d+):(\\d+):([\\d.]+) ${word}$`, "m").exec(text) ?? [];
    return ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1_000;
  });
  return answered - published;
}
