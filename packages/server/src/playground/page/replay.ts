import type { Situation } from "./advice.ts";
import { Board, CHANNEL_COLUMNS } from "./board.ts";
import type { ColumnEvent } from "./column-event.ts";
import { element, setText } from "./element.ts";

/** A recorded run of the playground. */
export interface Recording {
  /** When and with what it was recorded, for people. */
  readonly about: string;
  /** The length in milliseconds. */
  readonly lengthMs: number;
  /** What was set, and from when on. */
  readonly parts: readonly { readonly t: number; readonly title: string; readonly situation: Situation }[];
  /** The events of all columns, in order. */
  readonly events: readonly { readonly column: string; readonly event: ColumnEvent }[];
}

/** Where a replay begins, so that it shows something before it is played; in milliseconds. */
const BEGIN_MS = 11_000;

/** How often events are passed on, in milliseconds. */
const STEP_MS = 50;

/** Shows a recording in `root`, paused. Returns the function that removes it. */
export function mountReplay(root: HTMLElement, recording: Recording): () => void {
  const replay = new Replay(root, recording);
  replay.begin();
  return () => replay.remove();
}

class Replay {
  readonly #root: HTMLElement;
  readonly #recording: Recording;
  readonly #play = element("button", { type: "button" }, "Play the recording");
  readonly #again = element("button", { type: "button", class: "second" }, "From the beginning");
  readonly #part = element("span", { class: "part" });
  readonly #place = element("div", {});
  #board: Board | undefined;
  #stopDrawing = (): void => {};
  #timer: ReturnType<typeof setInterval> | undefined;
  #now = 0;
  #next = 0;

  constructor(root: HTMLElement, recording: Recording) {
    this.#root = root;
    this.#recording = recording;
    this.#play.addEventListener("click", () => (this.#timer === undefined ? this.#run() : this.#pause()));
    this.#again.addEventListener("click", () => {
      this.begin(0);
      this.#run();
    });
    const note = element(
      "p",
      { class: "recorded" },
      element("strong", {}, "A recording of a real run. "),
      recording.about,
    );
    root.append(
      note,
      element("div", { class: "controls" }, this.#play, this.#again, this.#part),
      this.#place,
    );
  }

  /** Show the recording at a time, paused. */
  begin(at: number = BEGIN_MS): void {
    this.#pause();
    this.#stopDrawing();
    const delay = "Delay from publish to arrival";
    const columns = Object.entries(CHANNEL_COLUMNS).map(([name, texts]) => [name, { ...texts, delay }]);
    this.#board = new Board(Object.fromEntries(columns));
    this.#place.replaceChildren(this.#board.element);
    this.#next = 0;
    this.#advance(at);
    this.#stopDrawing = this.#board.drawRegularly(() => this.#now);
  }

  remove(): void {
    this.#pause();
    this.#stopDrawing();
    this.#root.replaceChildren();
  }

  #run(): void {
    if (this.#now >= this.#recording.lengthMs) this.begin(0);
    setText(this.#play, "Pause");
    let last = performance.now();
    this.#timer = setInterval(() => {
      const now = performance.now();
      this.#advance(this.#now + now - last);
      last = now;
      if (this.#now >= this.#recording.lengthMs) this.#pause();
    }, STEP_MS);
  }

  #pause(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    setText(this.#play, this.#now === 0 ? "Play the recording" : "Play on");
  }

  /** Pass on all events up to `now`, and show what was set then. */
  #advance(now: number): void {
    const { events, parts } = this.#recording;
    this.#now = now;
    for (
      let next = events[this.#next];
      next !== undefined && next.event.t <= now;
      next = events[++this.#next]
    )
      this.#board?.take(next.column, next.event);
    const part = parts.filter(({ t }) => t <= now).at(-1);
    if (part === undefined) return;
    setText(this.#part, part.title);
    this.#board?.advise(part.situation);
  }
}
