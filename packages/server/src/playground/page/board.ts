import { type Advice, advise, type Situation } from "./advice.ts";
import type { ColumnEvent } from "./column-event.ts";
import { ColumnView, type ColumnViewOptions } from "./column-view.ts";
import { element, setText } from "./element.ts";

/** How often the columns are drawn, in milliseconds; the second is for readers who asked for less motion. */
const DRAW_MS = 250;
const CALM_DRAW_MS = 1_000;

/** The titles of a channel's columns, in their order. */
export const CHANNEL_COLUMNS = {
  polling: { title: "Polling", about: "One short request per interval." },
  "long-polling": { title: "Long polling", about: "A request is held until there is a message." },
  sse: { title: "SSE", about: "Server-Sent Events: one answer that never ends." },
} as const;

/** Shows columns and the advice for a situation. */
export class Board {
  readonly element: HTMLElement;
  readonly #views: ReadonlyMap<string, ColumnView>;
  readonly #advice = element("p", { class: "advice", role: "status" });
  #shown = "";

  /** `columns` are the columns by their names. */
  constructor(columns: Readonly<Record<string, ColumnViewOptions>>) {
    this.#views = new Map(Object.entries(columns).map(([name, options]) => [name, new ColumnView(options)]));
    const articles = [...this.#views.values()].map((view) => view.element);
    this.element = element(
      "section",
      { class: "board" },
      this.#advice,
      element("div", { class: "columns" }, ...articles),
    );
  }

  /** The figures of the columns, by their names. */
  figures(): Readonly<Record<string, ColumnView["figures"]>> {
    return Object.fromEntries([...this.#views].map(([name, { figures }]) => [name, figures]));
  }

  take(column: string, event: ColumnEvent): void {
    this.#views.get(column)?.take(event);
  }

  /** Show the advice for a situation, and mark the column that it names. */
  advise(situation: Situation): Advice {
    const advice = advise(situation);
    // A screen reader reads the text again when it changes, so it must not be written again unchanged.
    if (advice.text !== this.#shown) setText(this.#advice, advice.text);
    this.#shown = advice.text;
    for (const [name, view] of this.#views) view.advised = name === advice.choice;
    return advice;
  }

  /**
   * Draw now, and then again and again while the page is visible. `now` is the time of the columns. Returns the
   * function that stops it.
   */
  drawRegularly(now: () => number): () => void {
    const draw = (): void => {
      if (!document.hidden) for (const view of this.#views.values()) view.draw(now());
    };
    const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const timer = setInterval(draw, isCalm ? CALM_DRAW_MS : DRAW_MS);
    draw();
    return () => clearInterval(timer);
  }
}
