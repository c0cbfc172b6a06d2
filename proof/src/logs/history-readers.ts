import { setTimeout as sleep } from "node:timers/promises";

/** Messages per page: so many that several cuts hit a page in the middle. */
const PAGE = 250;
/** A request hangs if it has no answer for this long: several times as long as a server waits for a silent engine. */
const HANG_MS = 30_000;
const RETRY_MS = 20;

/** The outcome of reading a history again and again. */
export interface HistoryReads {
  /** Pages that were read. */
  readonly pages: number;
  /** Requests that were refused with `503`. */
  readonly refused: number;
  /** Requests that were answered with a gap, or any other status. */
  readonly gaps: number;
  /** Requests without an answer. */
  readonly hung: number;
  /** Messages, or ends of the history, that were not the expected ones. */
  readonly wrong: number;
}

interface PageBody {
  readonly messages: readonly { readonly data: { readonly number: number } }[];
  readonly cursor: string;
  readonly more: boolean;
}

/**
 * Read a channel without new messages from its start, its middle and its end, again and again until `over` is
 * aborted. Then read it once more from the server whose link is never cut.
 */
export async function readHistory(
  urls: { readonly cut: string; readonly whole: string },
  cursors: readonly string[],
  over: AbortSignal,
): Promise<HistoryReads> {
  const reads = { pages: 0, refused: 0, gaps: 0, hung: 0, wrong: 0 };
  const count = cursors.length;
  const starts = [0, count / 2, count].map((number) => ({ after: cursors[number - 1] ?? "start", number }));
  const reading = starts.map(async (start) => {
    while (!over.aborted) await readOnce(urls.cut, start, count, reads);
    await readOnce(urls.whole, start, count, reads);
  });
  await Promise.all(reading);
  return reads;
}

type Counts = { -readonly [Name in keyof HistoryReads]: HistoryReads[Name] };

async function readOnce(
  url: string,
  start: { readonly after: string; readonly number: number },
  count: number,
  reads: Counts,
): Promise<void> {
  let { after, number } = start;
  for (let more = true; more; ) {
    const page = await pageAfter(`${url}?after=${after}&limit=${PAGE}`, reads);
    if (page === undefined) continue;
    for (const { data } of page.messages) if (data.number !== ++number) reads.wrong += 1;
    ({ cursor: after, more } = page);
    reads.pages += 1;
    if (start.number === count) await sleep(RETRY_MS); // the page at the end is empty and comes at once
  }
  if (number !== count) reads.wrong += 1;
}

async function pageAfter(url: string, reads: Counts): Promise<PageBody | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(HANG_MS) });
    if (response.status === 200) return (await response.json()) as PageBody;
    await response.arrayBuffer();
    if (response.status === 503) reads.refused += 1;
    else reads.gaps += 1;
  } catch (error) {
    if (!(error instanceof Error && error.name === "TimeoutError")) throw error;
    reads.hung += 1;
  }
  await sleep(RETRY_MS);
  return undefined;
}
