import { Board, CHANNEL_COLUMNS } from "./board.ts";
import { type ColumnName, startColumn } from "./channel-column.ts";
import type { ColumnEvent, Sink } from "./column-event.ts";
import { type ControlValues, createControls } from "./controls.ts";
import type { CountingFetch } from "./counting-fetch.ts";
import { element } from "./element.ts";
import { SharedOrder } from "./order-check.ts";
import { PollPause } from "./poll-pause.ts";
import { type Probed, probe } from "./probe.ts";
import { fetchStart, fetchWire, type Start, sendSettings } from "./server-link.ts";
import { startStreamColumn } from "./stream-column.ts";

/** The poll interval at the start, in milliseconds: the default of the clients. */
const POLL_MS = 5_000;

/** How often the page asks for the proxies' counts, in milliseconds. */
const WIRE_MS = 1_000;

/** What a test or a recorder sets to see every event. */
declare global {
  var playgroundRecorder: ((column: string, event: ColumnEvent) => void) | undefined;
  var playgroundFigures: (() => ReturnType<Board["figures"]>) | undefined;
}

/** What the page shows: where the columns read, and which parts of the playground are on the way. */
interface Shown {
  readonly probed: Probed;
  readonly urls: Readonly<Record<ColumnName, string>>;
  /** The playground's own proxies are on the way. */
  readonly proxied: boolean;
  /** The channel is the playground's own. */
  readonly own: boolean;
  readonly settings: Start["settings"];
}

const root = document.querySelector("main") as HTMLElement;

async function main(): Promise<void> {
  const start = await fetchStart();
  const { columns: urls, settings, cursor, target } = start;
  const asked = new URLSearchParams(location.search).get("url");
  if (asked !== null) {
    if (!isReadable(asked)) return tell(`${asked} is not a URL with http or https and without credentials.`);
    offer(asked, () =>
      connect(asked, { "long-polling": asked, polling: asked, sse: asked }, settings, false),
    );
  } else if (target !== undefined) offer(target, () => connect(urls.polling, urls, settings, true));
  else if (cursor !== undefined) {
    const columns = Object.keys(CHANNEL_COLUMNS) as ColumnName[];
    show({ probed: { kind: "channel", columns, after: cursor }, urls, proxied: true, own: true, settings });
  }
}

function isReadable(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url !== undefined && /^https?:$/.test(url.protocol) && url.username === "" && url.password === "";
}

/** Say something instead of the columns. */
function tell(text: string): void {
  root.append(element("p", { class: "notice", role: "alert" }, text));
}

/** Ask before the page connects to someone else's server: the link may have been made by anyone. */
function offer(url: string, connect: () => Promise<void>): void {
  const button = element("button", { type: "button" }, "Connect");
  const text = element(
    "p",
    {},
    "The playground reads this URL, and publishes nothing to it: ",
    element("code", {}, url),
  );
  const notice = element("div", { class: "notice" }, text, button);
  button.addEventListener("click", () => {
    notice.remove();
    connect().catch((error: unknown) =>
      tell(
        `Cannot read ${url}: ${error instanceof Error ? error.message : error}. A page can only read servers that allow it (CORS); \`tidemark playground --url\` reads through a proxy instead.`,
      ),
    );
  });
  root.append(notice);
}

async function connect(
  first: string,
  urls: Shown["urls"],
  settings: Start["settings"],
  proxied: boolean,
): Promise<void> {
  show({ probed: await probe(first), urls, proxied, own: false, settings });
}

function show(shown: Shown): void {
  const { probed, urls, proxied, own, settings } = shown;
  const values: ControlValues = { ...settings, pollMs: POLL_MS };
  const pause = new PollPause(values.pollMs);
  const board = new Board(columnsOf(probed, own));
  const sinkOf =
    (column: string): Sink =>
    (event) => {
      board.take(column, event);
      globalThis.playgroundRecorder?.(column, event);
    };
  const order = own ? undefined : new SharedOrder();
  const started: CountingFetch[] =
    probed.kind === "stream"
      ? [startStreamColumn(urls.sse, sinkOf("stream"))]
      : probed.columns.map((name) => {
          const reading = { name, url: urls[name], after: probed.after, pause, isSized: proxied };
          return startColumn({ ...reading, ...(order && { order }) }, sinkOf(name));
        });
  const advise = (): void => {
    if (probed.kind === "channel") board.advise({ ...values, rate: own ? values.rate : undefined });
  };
  const controls = createControls(
    values,
    { publishes: own, proxied, polls: probed.kind === "channel" },
    (changes) => {
      Object.assign(values, changes);
      if (changes.pollMs !== undefined) pause.intervalMs = changes.pollMs;
      else if (proxied) sendSettings(changes).catch(report);
      else if (changes.cut !== undefined) for (const each of started) each.cut = changes.cut;
      advise();
    },
  );
  root.append(controls, board.element);
  advise();
  const began = performance.now();
  board.drawRegularly(() => performance.now() - began);
  if (proxied)
    countWire(probed.kind === "stream" ? { sse: "stream" } : {}, sinkOf, () => performance.now() - began);
  globalThis.playgroundFigures = () => board.figures();
}

/** What each column shows about itself. */
function columnsOf(probed: Probed, own: boolean): ConstructorParameters<typeof Board>[0] {
  if (probed.kind === "stream") {
    const about = "A plain event stream: it has no cursors, so nothing can be said about lost messages.";
    return { stream: { title: "Event stream", about, delay: undefined } };
  }
  const delay = own ? "Delay from publish to arrival" : "Delay behind the fastest column";
  return Object.fromEntries(probed.columns.map((name) => [name, { ...CHANNEL_COLUMNS[name], delay }]));
}

/** Report what the proxies count, from now on. `names` are the columns of proxies with another name. */
function countWire(
  names: Readonly<Record<string, string>>,
  sinkOf: (column: string) => Sink,
  now: () => number,
): void {
  let first: Awaited<ReturnType<typeof fetchWire>> | undefined;
  const ask = async (): Promise<void> => {
    const counts = await fetchWire();
    first ??= counts;
    for (const [name, { up, down }] of Object.entries(counts)) {
      const before = first[name as ColumnName];
      sinkOf(names[name] ?? name)({ t: now(), type: "wire", up: up - before.up, down: down - before.down });
    }
  };
  ask().catch(report);
  setInterval(() => {
    if (!document.hidden) ask().catch(report);
  }, WIRE_MS);
}

let isReported = false;

/** Say once that the playground's own server is gone. */
function report(error: unknown): void {
  if (!isReported)
    tell(`The playground's server does not answer: ${error instanceof Error ? error.message : error}`);
  isReported = true;
}

main().catch(report);
