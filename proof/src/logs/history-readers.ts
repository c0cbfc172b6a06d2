import { setTimeout as sleep } from "node:timers/promises";

/** Messages of a page: several cuts meet one in the middle. */
const PAGE = 250;
/** A request without an answer for so long hangs, in milliseconds: several times what a silent engine is waited for. */
const HANG_MS = 30_000;
const RETRY_MS = 20;

/** What reading a history again and again came to. */
export interface HistoryReads {
  /** Pages that were read, and requests that were refused with `503`. */
  readonly pages: number;
  readonly refused: number;
  /** Requests that were told a gap, that had no answer, and pages that were not what the history has there. */
  readonly gaps: number;
  readonly hung: number;
  readonly wrong: number;
}

interface PageBody {
  readonly messages: readonly { readonly data: { readonly number: number } }[];
  readonly cursor: string;
  readonly more: boolean;
}

/**
 * Read a channel that nobody publishes to, from its start, from its middle and at its end, until it is over; then once
 * more at the server whose link is whole.
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
    if (start.number === count) await sleep(RETRY_MS); // at the end there is nothing to wait for
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
