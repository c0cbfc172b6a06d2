import { svgElement } from "./element.ts";
import { type Sample, WINDOW_MS } from "./figures.ts";

const WIDTH = 320;
const HEIGHT = 132;
const LEFT = 42;
const BOTTOM = 16;
const TOP = 8;

/** The marks of the scale, in milliseconds, which is logarithmic. */
const MARKS = [1, 10, 100, 1_000, 10_000] as const;
const LOWEST = 0.7;
const HIGHEST = 30_000;

/** Draws one dot for each message: when it arrived, and how late. All dots are one path, so many cost little. */
export class Chart {
  readonly element: SVGSVGElement;
  readonly #dots: SVGPathElement;

  constructor() {
    this.element = svgElement("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", class: "chart" });
    for (const ms of MARKS) this.#mark(ms);
    this.#label(`${WINDOW_MS / 1_000} s ago`, LEFT, HEIGHT - 3, "start");
    this.#label("now", WIDTH - 2, HEIGHT - 3, "end");
    this.#dots = svgElement("path", { class: "dots" });
    this.element.append(this.#dots);
    this.element.setAttribute("aria-label", "No message yet");
  }

  /** Draw the samples as they are seen at `now`; `summary` describes them for those who cannot see the dots. */
  draw(samples: readonly Sample[], now: number, summary: string): void {
    let path = "";
    for (const { t, delayMs } of samples) {
      if (t < now - WINDOW_MS) continue;
      const x = LEFT + ((t - now + WINDOW_MS) / WINDOW_MS) * (WIDTH - LEFT - 4);
      path += `M${x.toFixed(1)} ${yOf(delayMs).toFixed(1)}h0`;
    }
    this.#dots.setAttribute("d", path);
    this.element.setAttribute("aria-label", summary);
  }

  #mark(ms: number): void {
    const y = String(yOf(ms));
    this.element.append(
      svgElement("line", { x1: String(LEFT), x2: String(WIDTH), y1: y, y2: y, class: "mark" }),
    );
    this.#label(ms < 1_000 ? `${ms} ms` : `${ms / 1_000} s`, LEFT - 5, Number(y) + 3, "end");
  }

  #label(text: string, x: number, y: number, anchor: string): void {
    const label = svgElement("text", { x: String(x), y: String(y), "text-anchor": anchor });
    label.textContent = text;
    this.element.append(label);
  }
}

/** Where a delay is drawn. */
function yOf(delayMs: number): number {
  const ms = Math.min(HIGHEST, Math.max(LOWEST, delayMs));
  const share = Math.log(ms / LOWEST) / Math.log(HIGHEST / LOWEST);
  return HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - TOP);
}
