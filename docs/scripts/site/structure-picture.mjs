// The packages and what each builds on, from their manifests.
import { escaped, picture } from "./picture.mjs";

const BOX = { width: 138, height: 30, gapX: 14, gapY: 46 };
const WIDTH = 860;

/**
 * @param {ReadonlyMap<string, readonly string[]>} needs the packages of the repository that each package needs at run time
 * @returns {string} the picture as SVG: a package is above everything that it needs
 */
export function structurePicture(needs) {
  const rows = rowsOf(needs);
  const perRow = Math.floor((WIDTH + BOX.gapX) / (BOX.width + BOX.gapX));
  const lines = rows.flatMap((row) => {
    const count = Math.ceil(row.length / perRow);
    const size = Math.ceil(row.length / count);
    return Array.from({ length: count }, (_, index) => row.slice(index * size, (index + 1) * size));
  });
  const places = new Map();
  for (const [y, line] of lines.entries()) {
    const used = line.length * (BOX.width + BOX.gapX) - BOX.gapX;
    for (const [x, name] of line.entries())
      places.set(name, {
        x: (WIDTH - used) / 2 + x * (BOX.width + BOX.gapX),
        y: y * (BOX.height + BOX.gapY) + 4,
      });
  }
  const body = [];
  for (const [name, direct] of needs)
    for (const other of direct)
      if (!direct.some((between) => between !== other && reaches(needs, between, other)))
        body.push(edge(places.get(name), places.get(other)));
  for (const [name, { x, y }] of places)
    body.push(
      `<rect x="${x}" y="${y}" width="${BOX.width}" height="${BOX.height}" rx="5"/>`,
      `<text x="${x + BOX.width / 2}" y="${y + 19.5}" text-anchor="middle" class="code small">${escaped(name)}</text>`,
    );
  const height = lines.length * (BOX.height + BOX.gapY) - BOX.gapY + 8;
  return picture({ width: WIDTH, height, title: "The packages, each above those that it needs", body });
}

function edge(from, to) {
  const [x1, y1, x2, y2] = [from.x + BOX.width / 2, from.y + BOX.height, to.x + BOX.width / 2, to.y];
  const middle = (y1 + y2) / 2;
  return `<path d="M${x1} ${y1}C${x1} ${middle} ${x2} ${middle} ${x2} ${y2}"/>`;
}

/** Whether `name` needs `other`, directly or not. */
function reaches(needs, name, other) {
  return (needs.get(name) ?? []).some((next) => next === other || reaches(needs, next, other));
}

/** The packages in rows: those that need the most others in a chain come first. */
function rowsOf(needs) {
  const depth = (name) => 1 + Math.max(-1, ...(needs.get(name) ?? []).map(depth));
  const rows = [];
  for (const name of needs.keys()) {
    const row = depth(name);
    rows[row] = [...(rows[row] ?? []), name];
  }
  return rows.filter(Boolean).reverse();
}
