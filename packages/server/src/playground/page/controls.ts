import { element, setText } from "./element.ts";

/** What the controls say. */
export interface ControlValues {
  rate: number;
  pollMs: number;
  hold: boolean;
  cut: boolean;
  cutAfterS: number;
}

/** Which controls there are, apart from the cut. */
export interface ControlsOptions {
  /** The page publishes to its own channel, at a rate. */
  readonly publishes: boolean;
  /** A proxy of the playground is on the way, which can hold answers back. */
  readonly proxied: boolean;
  /** A column polls. */
  readonly polls: boolean;
}

const RATES = [0, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200] as const;
const POLLS_MS = [250, 500, 1_000, 2_000, 5_000, 10_000, 30_000] as const;
const CUTS_S = [0, 1, 2, 5, 10, 30, 60] as const;

/** Create the controls. `changed` is called with what the reader changed. */
export function createControls(
  values: ControlValues,
  { publishes, proxied, polls }: ControlsOptions,
  changed: (changes: Partial<ControlValues>) => void,
): HTMLElement {
  const rate = slider("Messages per second", RATES, values.rate, rateText, (value) =>
    changed({ rate: value }),
  );
  const poll = slider("Poll interval", POLLS_MS, values.pollMs, intervalText, (value) =>
    changed({ pollMs: value }),
  );
  const cut = toggle("Cut the connection", values.cut, (value) => changed({ cut: value }));
  const hold = toggle("Hold answers back until they are complete", values.hold, (value) =>
    changed({ hold: value }),
  );
  const later = select("Cut each answer after", values.cutAfterS, (value) => changed({ cutAfterS: value }));
  return element(
    "form",
    { class: "controls", "aria-label": "Settings" },
    ...(publishes ? [rate] : []),
    ...(polls ? [poll] : []),
    cut,
    ...(proxied ? [hold, later] : []),
  );
}

function slider(
  label: string,
  steps: readonly number[],
  value: number,
  textOf: (value: number) => string,
  changed: (value: number) => void,
): HTMLElement {
  const index = Math.max(0, steps.indexOf(value));
  // Hidden from screen readers, which read `aria-valuetext`.
  const output = element("span", { class: "value", "aria-hidden": "true" }, textOf(steps[index] ?? value));
  const input = element("input", {
    type: "range",
    min: "0",
    max: String(steps.length - 1),
    value: String(index),
    "aria-valuetext": textOf(steps[index] ?? value),
  });
  input.addEventListener("input", () => {
    const chosen = steps[Number(input.value)] ?? value;
    setText(output, textOf(chosen));
    input.setAttribute("aria-valuetext", textOf(chosen));
    changed(chosen);
  });
  return element("label", { class: "slider" }, element("span", {}, label), input, output);
}

function toggle(label: string, value: boolean, changed: (value: boolean) => void): HTMLElement {
  const input = element("input", { type: "checkbox", role: "switch", checked: value ? "" : undefined });
  input.addEventListener("change", () => changed(input.checked));
  return element("label", { class: "toggle" }, input, element("span", {}, label));
}

function select(label: string, value: number, changed: (value: number) => void): HTMLElement {
  const options = CUTS_S.map((s) => {
    const attributes = { value: String(s), selected: s === value ? "" : undefined };
    return element("option", attributes, s === 0 ? "never" : `${s} s`);
  });
  const list = element("select", {}, ...options);
  list.addEventListener("change", () => changed(Number(list.value)));
  return element("label", { class: "select" }, element("span", {}, label), list);
}

function rateText(rate: number): string {
  return rate === 0 ? "none" : rate >= 1 ? String(rate) : `1 in ${Math.round(1 / rate)} s`;
}

function intervalText(ms: number): string {
  return ms < 1_000 ? `${ms} ms` : `${ms / 1_000} s`;
}
