// The verdict of a run of the suite, as a picture of a terminal.
import { escaped, picture } from "./picture.mjs";

const WIDTH = 700;
const LINE = 24;
const TOP = 34;

/** The most characters that fit into a line of the picture. */
const FIT = 84;

/**
 * @typedef {object} Run
 * @property {string} day @property {string} command
 * @property {readonly string[]} lines the last lines that the suite printed
 */

/** @param {Run} run @returns {string} the picture as SVG */
export function verdictPicture({ day, command, lines }) {
  const shown = [
    [`$ ${command}`, "quiet"],
    ...lines.flatMap((line) => wrapped(line).map((part) => [part, classOf(line)])),
  ];
  const height = TOP + shown.length * LINE + 22;
  const texts = shown.map(
    ([text, name], index) =>
      `<text x="20" y="${TOP + index * LINE}" class="code ${name}">${escaped(text)}</text>`,
  );
  return picture({
    width: WIDTH,
    height,
    title: [command, ...lines].join(" "),
    body: [
      `<rect x="0.5" y="0.5" width="${WIDTH - 1}" height="${height - 1}" rx="8"/>`,
      ...texts,
      `<text x="20" y="${height - 14}" class="small quiet">A real run against the reference server, ${day}</text>`,
    ],
  });
}

function classOf(line) {
  if (/^(?:CONFORMANT|NO VIOLATIONS FOUND)/.test(line)) return "good";
  return /^(?:NOT CONFORMANT|NO VERDICT|INCOMPLETE)/.test(line) ? "bad" : "";
}

/** @param {string} line @returns {string[]} its parts, broken at spaces */
function wrapped(line) {
  const parts = [""];
  for (const word of line.split(" ")) {
    const last = parts.at(-1) ?? "";
    if (last !== "" && last.length + word.length + 1 > FIT) parts.push(word);
    else parts[parts.length - 1] = last === "" ? word : `${last} ${word}`;
  }
  return parts;
}
