// The path of one message through the code, from a recording of the calls.
import { escaped, picture } from "./picture.mjs";

const COLUMN = { width: 262, gap: 24 };
const LINE = 20;

/**
 * @typedef {object} Lane
 * @property {string} title what happens
 * @property {readonly string[]} files the files whose functions call each other, the outermost first
 */

/** @param {readonly Lane[]} lanes @returns {string} the picture as SVG */
export function pathPicture(lanes) {
  const shown = lanes.map(({ title, files }) => ({ title, lines: linesOf(files) }));
  const height = Math.max(...shown.map(({ lines }) => lines.length)) * LINE + 66;
  const width = shown.length * (COLUMN.width + COLUMN.gap) - COLUMN.gap;
  const body = shown.flatMap(({ title, lines }, index) => {
    const x = index * (COLUMN.width + COLUMN.gap);
    const arrow = x + COLUMN.width + COLUMN.gap;
    return [
      `<rect x="${x + 0.5}" y="0.5" width="${COLUMN.width - 1}" height="${height - 1}" rx="8"/>`,
      `<text x="${x + 14}" y="26" class="head">${index + 1}. ${escaped(title)}</text>`,
      ...lines.map(
        ({ text, isPackage }, line) =>
          `<text x="${x + (isPackage ? 14 : 26)}" y="${54 + line * LINE}" class="code small${isPackage ? " quiet" : ""}">${escaped(text)}</text>`,
      ),
      ...(index + 1 < shown.length
        ? [
            `<path class="flow" d="M${x + COLUMN.width} 22h${COLUMN.gap - 7}"/>`,
            `<path class="tip" d="M${arrow - 1} 22l-8 -4v8z"/>`,
          ]
        : []),
    ];
  });
  const title = `The path of a message: ${lanes.map((lane) => lane.title).join(", then ")}`;
  return picture({ width, height, title, body });
}

/** The files, each below the name of its package. */
function linesOf(files) {
  let last = "";
  return files.flatMap((path) => {
    const [, name = "", file = ""] = /^packages\/([^/]+)\/src\/(.+)$/.exec(path) ?? [];
    const head = name === last ? [] : [{ text: `@tidemark/${name}`, isPackage: true }];
    last = name;
    return [...head, { text: file, isPackage: false }];
  });
}
