import type { IncomingMessage, ServerResponse } from "node:http";
import type { Server } from "node:net";
import { fileURLToPath } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { bundlePage } from "../../../tools/bundle-page.mjs";
import { ensureProgram } from "../../../tools/ensure.mjs";
import { type Playground, startPlayground } from "../src/playground/start-playground.ts";

const folder = fileURLToPath(new URL("..", import.meta.url));

const ARGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"];
const QUIET = ["--disable-background-networking", "--disable-component-update"];

/** A bound on liveness, in milliseconds. */
export const LIMIT_MS = 90_000;

/** What a server counts for one mechanism, independently of the page and of the proxies. */
export interface ServerCounts {
  requests: number;
  bodyDown: number;
  /** The cursor of the first request. */
  after?: string;
  /** For each message of the playground's channel: how long after its append it was written, in milliseconds. */
  readonly delaysMs: number[];
}

/** The figures of a column, without its samples. */
export interface ColumnFigures {
  readonly requests: number;
  readonly bodyDown: number;
  readonly failed: number;
  readonly open: number;
  readonly bodyUp: number;
  readonly messages: number;
  readonly lost: number;
  readonly repeated: number;
  readonly state: string;
  readonly samples: readonly { readonly t: number; readonly delayMs: number }[];
  readonly wire?: { readonly up: number; readonly down: number };
}

/** A playground and a browser that can show it. */
export interface Opened {
  readonly playground: Playground;
  readonly browser: Browser;
  /** Errors of pages. */
  readonly errors: readonly Error[];
  /** Open the page of the playground. */
  open(query?: string, options?: Parameters<Browser["newPage"]>[0]): Promise<Page>;
}

/** Run with a playground and a browser. */
export async function withPlayground(
  run: (opened: Opened) => Promise<void>,
  url?: URL,
  args: readonly string[] = [],
): Promise<void> {
  if (process.env.TIDEMARK_BUILT !== "1") await bundlePage(folder, `${folder}dist/playground/page`);
  const playground = await startPlayground({ port: 0, ...(url && { url }) });
  const browser = await chromium.launch({
    executablePath: ensureProgram("chromium"),
    args: [...ARGS, ...QUIET, ...args],
  });
  const errors: Error[] = [];
  const open: Opened["open"] = async (query = "", options = {}) => {
    const page = await browser.newPage(options);
    page.setDefaultTimeout(LIMIT_MS);
    page.on("pageerror", (error) => errors.push(error));
    await page.goto(`${playground.url}${query}`);
    return page;
  };
  try {
    await run({ playground, browser, errors, open });
  } finally {
    await browser.close();
    await playground.close();
  }
}

export function figuresOf(page: Page): Promise<Readonly<Record<string, ColumnFigures>>> {
  return page.evaluate("globalThis.playgroundFigures?.() ?? {}");
}

/** Count the requests and the bytes of bodies at the server itself, by mechanism. */
export function countAt(server: Server): Readonly<Record<string, ServerCounts>> {
  const counts: Record<string, ServerCounts> = {};
  for (const name of COLUMNS) counts[name] = { requests: 0, bodyDown: 0, delaysMs: [] };
  server.prependListener("request", ({ url = "" }: IncomingMessage, res: ServerResponse) => {
    const query = new URL(url, "http://localhost").searchParams;
    const column = counts[query.has("stream") ? "sse" : query.has("wait") ? "long-polling" : "polling"];
    if (column === undefined) return;
    column.requests += 1;
    column.after ??= query.get("after") ?? "start";
    const { write, end } = res;
    const count = (chunk: unknown): void => {
      if (typeof chunk !== "string" && !(chunk instanceof Uint8Array)) return;
      const bytes = Buffer.from(chunk as Uint8Array);
      column.bodyDown += bytes.length;
      for (const [, at] of bytes.toString().matchAll(/"n":\d+,"at":(\d+)/g))
        column.delaysMs.push(Date.now() - Number(at));
    };
    res.write = (...args: unknown[]) => {
      count(args[0]);
      return Reflect.apply(write, res, args);
    };
    res.end = (...args: unknown[]) => {
      count(args[0]);
      return Reflect.apply(end, res, args);
    };
  });
  return counts;
}

const COLUMNS = ["polling", "long-polling", "sse"] as const;

/** Wait until a condition holds. */
export async function until(holds: () => Promise<boolean>, what: () => Promise<string>): Promise<void> {
  for (const began = performance.now(); performance.now() - began < LIMIT_MS; ) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`not within ${LIMIT_MS / 1_000} s: ${await what()}`);
}

/** Wait until a condition holds for every column. */
export async function untilEvery(page: Page, holds: (figures: ColumnFigures) => boolean): Promise<void> {
  const every = async (): Promise<boolean> => {
    const columns = Object.values(await figuresOf(page));
    return columns.length > 0 && columns.every(holds);
  };
  await until(every, async () => `${holds}\n${JSON.stringify(await figuresOf(page), null, 1)}`);
}
