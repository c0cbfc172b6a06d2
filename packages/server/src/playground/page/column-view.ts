import { Chart } from "./chart.ts";
import type { ColumnEvent } from "./column-event.ts";
import { element, setText } from "./element.ts";
import { count, createFigures, dropOld, type Figures, percentile } from "./figures.ts";
import { WireView } from "./wire-view.ts";

/** What a column shows besides its events. */
export interface ColumnViewOptions {
  readonly title: string;
  /** One sentence about how it reads. */
  readonly about: string;
  /** What the delay is measured from; undefined: nothing to measure. */
  readonly delay: string | undefined;
}

const ROWS = ["delay", "messages", "requests", "lost", "repeated", "body", "wire", "open"] as const;
type Row = (typeof ROWS)[number];

const LABELS: Readonly<Record<Row, string>> = {
  delay: "Delay p50 · p99",
  messages: "Messages",
  lost: "Lost",
  repeated: "Repeated",
  requests: "Requests",
  open: "Open connections",
  body: "Body ↑ · ↓",
  wire: "On the wire ↑ · ↓",
};

/** Shows one column: its dots, its figures and its exchange. */
export class ColumnView {
  readonly element: HTMLElement;
  readonly figures: Figures = createFigures();
  readonly #chart = new Chart();
  readonly #exchange: WireView;
  readonly #options: ColumnViewOptions;
  readonly #state = element("span", { class: "state" });
  readonly #advised = element("span", { class: "advised", hidden: "" }, "the choice here");
  readonly #values: Readonly<Record<Row, HTMLElement>>;
  readonly #delayTitle: HTMLElement;

  constructor(options: ColumnViewOptions) {
    this.#options = options;
    this.#exchange = new WireView(`${options.title}: the exchange on the wire`);
    this.#values = Object.fromEntries(ROWS.map((row) => [row, element("dd")])) as Record<Row, HTMLElement>;
    const rows = ROWS.map((row) =>
      element("div", { class: row }, element("dt", {}, LABELS[row]), this.#values[row]),
    );
    const head = element("header", {}, element("h2", {}, options.title), this.#advised, this.#state);
    this.#delayTitle = element("p", { class: "measured" }, options.delay ?? "");
    const parts = [head, element("p", { class: "about" }, options.about)];
    const chart = options.delay === undefined ? [] : [this.#delayTitle, this.#chart.element];
    this.element = element(
      "article",
      {},
      ...parts,
      ...chart,
      element("dl", {}, ...rows),
      this.#exchange.element,
    );
  }

  /** Count and show an event. */
  readonly take = (event: ColumnEvent): void => {
    count(this.figures, event);
    this.#exchange.add(event);
  };

  set advised(advised: boolean) {
    this.#advised.hidden = !advised;
    this.element.classList.toggle("chosen", advised);
  }

  /** Draw the column as it is `now` milliseconds after its start. */
  draw(now: number): void {
    const { figures } = this;
    dropOld(figures.samples, now);
    const [p50, p99] = [percentile(figures.samples, 0.5), percentile(figures.samples, 0.99)];
    const delay = p50 === undefined ? "–" : `${milliseconds(p50)} · ${milliseconds(p99 ?? p50)}`;
    const texts: Readonly<Record<Row, string>> = {
      delay,
      messages: number(figures.messages),
      lost: number(figures.lost),
      repeated: number(figures.repeated),
      requests:
        figures.failed === 0
          ? number(figures.requests)
          : `${number(figures.requests)} (${number(figures.failed)} failed)`,
      open: number(figures.open),
      body: `${bytes(figures.bodyUp)} · ${bytes(figures.bodyDown)}`,
      wire: figures.wire
        ? `${bytes(figures.wire.up)} · ${bytes(figures.wire.down)}`
        : "not visible to a page",
    };
    for (const row of ROWS) setText(this.#values[row], texts[row]);
    setText(this.#state, figures.state);
    this.#state.dataset.state = figures.state.split(":")[0] ?? "";
    const summary = `${this.#options.title}: ${figures.samples.length} messages in the last 30 seconds; delay p50 and p99 ${delay}`;
    if (this.#options.delay !== undefined) this.#chart.draw(figures.samples, now, summary);
    this.#exchange.draw();
  }
}

function number(n: number): string {
  return n.toLocaleString("en");
}

function milliseconds(ms: number): string {
  if (ms >= 10_000) return `${(ms / 1_000).toFixed(1)} s`;
  return ms >= 1_000 ? `${(ms / 1_000).toFixed(2)} s` : `${Math.round(ms)} ms`;
}

function bytes(n: number): string {
  if (n < 10_000) return `${number(n)} B`;
  return n < 1_000_000 ? `${(n / 1_000).toFixed(1)} kB` : `${(n / 1_000_000).toFixed(1)} MB`;
}
