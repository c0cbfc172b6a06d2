import { compare, type Samples } from "../rounds.ts";
import type { Scenario } from "../scenarios/scenario.ts";
import type { Target } from "../targets/target.ts";
import { REFERENCE } from "./table.ts";

/** The results of a scenario, to be drawn. */
export interface Drawn {
  readonly scenario: Scenario;
  readonly targets: readonly Target[];
  readonly samples: Samples;
}

const BAR = 15;
const LEFT = 200;
const WIDTH = 420;
const COLORS: Readonly<Record<string, string>> = { tidemark: "#1d6fd1", "tidemark-koa": "#7db3ee" };
/** A logarithmic scale, from a hundredth to a hundred times the floor. */
const DECADES = 2;

/** The first figure of each scenario as bars relative to the floor, on a logarithmic scale; right is better. */
export function plotOf(drawn: readonly Drawn[], title: string): string {
  const parts: string[] = [];
  let y = 46;
  for (const { scenario, targets, samples } of drawn) {
    const [figure] = scenario.figures;
    const shown = targets.filter(({ name }) => name !== REFERENCE);
    if (!figure || !targets.some(({ name }) => name === REFERENCE)) continue;
    parts.push(text(8, y, `${scenario.title}: ${figure.title}`, 'font-weight="bold"'));
    y += 8;
    for (const { name, title: label } of shown) {
      const { ratio } = compare(samples, figure.key, name, REFERENCE);
      const better = figure.more ? ratio : 1 / ratio;
      parts.push(...bar(y, label.replaceAll("`", ""), better, COLORS[name] ?? "#9a9a9a"));
      y += BAR + 3;
    }
    y += 22;
  }
  const middle = LEFT + WIDTH / 2;
  const line = `<line x1="${middle}" y1="30" x2="${middle}" y2="${y}" stroke="#333" stroke-dasharray="3 3"/>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="760" height="${y}" font-family="sans-serif" font-size="11">
<title>Each target against bare node:http</title>
<rect width="100%" height="100%" fill="#fff"/>
${text(8, 18, title, 'font-size="14" font-weight="bold"')}
${text(middle + 4, 34, "1 = bare node:http; right is better", 'fill="#555"')}
${line}
${parts.join("\n")}
</svg>
`;
}

function bar(y: number, label: string, better: number, color: string): string[] {
  const name = text(LEFT - 8, y + BAR - 4, label, 'text-anchor="end"');
  if (!Number.isFinite(better)) return [name, text(LEFT + 4, y + BAR - 4, "no result")];
  const decades = Math.max(-DECADES, Math.min(DECADES, Math.log10(better)));
  const middle = LEFT + WIDTH / 2;
  const length = Math.max(1, (Math.abs(decades) / DECADES) * (WIDTH / 2));
  const x = decades < 0 ? middle - length : middle;
  return [
    name,
    `<rect x="${x.toFixed(1)}" y="${y}" width="${length.toFixed(1)}" height="${BAR}" fill="${color}"/>`,
    text(LEFT + WIDTH + 8, y + BAR - 4, `× ${better.toPrecision(3)}`),
  ];
}

function text(x: number, y: number, words: string, attributes = ""): string {
  const escaped = words.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<text x="${x}" y="${y}" ${attributes}>${escaped}</text>`;
}
