import type { ColumnEvent } from "./column-event.ts";
import { element } from "./element.ts";

/** The most lines of the exchange that are kept. */
const MAX_LINES = 60;

/** Shows what goes over the wire, newest line last. */
export class WireView {
  readonly element: HTMLElement;
  readonly #list: HTMLOListElement;
  #waiting: { readonly kind: string; readonly text: string }[] = [];

  constructor(label: string) {
    this.#list = element("ol");
    // It scrolls, so the keyboard has to reach it.
    this.element = element(
      "div",
      { class: "exchange", tabindex: "0", role: "region", "aria-label": label },
      this.#list,
    );
  }

  add(event: ColumnEvent): void {
    const line = lineOf(event);
    if (line === undefined) return;
    this.#waiting.push(line);
    if (this.#waiting.length > MAX_LINES) this.#waiting.shift();
  }

  /** Show what was added since the last call. The view follows the newest line unless the reader scrolled back. */
  draw(): void {
    if (this.#waiting.length === 0) return;
    const { scrollTop, scrollHeight, clientHeight } = this.element;
    const isAtEnd = scrollTop + clientHeight >= scrollHeight - 24;
    this.#list.append(...this.#waiting.map(({ kind, text }) => element("li", { class: kind }, text)));
    this.#waiting = [];
    while (this.#list.childElementCount > MAX_LINES) this.#list.firstElementChild?.remove();
    if (isAtEnd) this.element.scrollTop = this.element.scrollHeight;
  }
}

function lineOf(event: ColumnEvent): { readonly kind: string; readonly text: string } | undefined {
  switch (event.type) {
    case "request":
      return { kind: "request", text: `→ ${event.line}` };
    case "answer":
      return { kind: "answer", text: `← ${event.line}` };
    case "body":
      return { kind: "body", text: event.line };
    case "end":
      return event.line === ""
        ? undefined
        : { kind: event.failed ? "failure" : "end", text: `× ${event.line}` };
    default:
      return undefined;
  }
}
