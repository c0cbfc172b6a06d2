import { type Comparison, compare, type Samples } from "../rounds.ts";
import type { Scenario } from "../scenarios/scenario.ts";
import type { Target } from "../targets/target.ts";

/** The target that the others are compared with. */
export const REFERENCE = "floor";

/** The result of a scenario as a Markdown table: medians, and the first two figures as multiples of the floor's. */
export function tableOf(scenario: Scenario, targets: readonly Target[], samples: Samples): string {
  const { title, figures } = scenario;
  const heads = figures.flatMap((figure, index) => (index < 2 ? [figure.title, "× floor"] : [figure.title]));
  const rows = targets.map(({ name, title: label }) => {
    const cells = figures.flatMap(({ key, digits = 0 }, index) => {
      const comparison = compare(samples, key, name, REFERENCE);
      const value = number(comparison.median, digits);
      return index < 2 ? [value, ratio(comparison)] : [value];
    });
    return `| ${[label, ...cells].join(" | ")} |`;
  });
  const bar = `|---|${heads.map(() => "---:|").join("")}`;
  return [`### ${title}`, "", `| | ${heads.join(" | ")} |`, bar, ...rows, ""].join("\n");
}

function ratio({ ratio: middle, low, high }: Comparison): string {
  return Number.isNaN(middle) ? "–" : `${middle.toFixed(2)} (${low.toFixed(2)}–${high.toFixed(2)})`;
}

function number(value: number, digits: number): string {
  return Number.isNaN(value)
    ? "–"
    : value.toFixed(digits).replace(/\B(?=(\d{3})+(?!\d))/g, digits > 0 ? "" : " ");
}
