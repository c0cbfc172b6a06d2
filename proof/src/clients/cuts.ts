import type { SubscribeOptions, Subscription } from "@tidemark/client-core";
import { subscribe as longPolling } from "@tidemark/client-long-polling";
import { subscribe as polling } from "@tidemark/client-polling";
import { subscribe as sse } from "@tidemark/client-sse";
import { CutServer, MESSAGES } from "./cut-server.ts";
import { SPLITS, type Split } from "./split.ts";

/** Messages per page; a polled read of the channel takes several answers. */
const LIMIT = 100;

type Subscribe = (url: string, options: SubscribeOptions) => Subscription<{ readonly n: number }>;

/** The client of each mechanism. */
export const CLIENTS: Readonly<Record<string, Subscribe>> = { polling, "long-polling": longPolling, sse };

/** The damage that cuts did to readers. */
export interface Damage {
  cuts: number;
  lost: number;
  repeated: number;
  disordered: number;
}

/** How many cuts run at once; most of the time they wait. */
const AT_ONCE = 32;

/** Read the channel once for each split and each `step`th byte, with an answer that is cut there. */
export async function cutAll(
  subscribe: Subscribe,
  step: number,
  onSplit: (split: Split) => void = () => {},
): Promise<Damage> {
  const server = await CutServer.start();
  const bytes = await bytesOf(server, subscribe);
  const damage: Damage = { cuts: 0, lost: 0, repeated: 0, disordered: 0 };
  for (const [first, split] of SPLITS.entries()) {
    const places = [...Array(bytes).keys()].filter((at) => at % step === first % step);
    onSplit(split);
    const work = async (): Promise<void> => {
      for (let at = places.pop(); at !== undefined; at = places.pop())
        await cutOnce(server, subscribe, at, split, damage);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  }
  await server.close();
  return damage;
}

async function cutOnce(
  server: CutServer,
  subscribe: Subscribe,
  at: number,
  split: Split,
  damage: Damage,
): Promise<void> {
  const url = server.cutAfter(at, split);
  const numbers = await read(subscribe, url);
  if (server.forget(url) !== -1) throw new Error(`nothing was cut after ${at} bytes`);
  count(numbers, damage);
}

/** The total length in bytes of the answers to one complete read. */
async function bytesOf(server: CutServer, subscribe: Subscribe): Promise<number> {
  const url = server.cutAfter(Number.MAX_SAFE_INTEGER, "whole");
  await read(subscribe, url);
  return Number.MAX_SAFE_INTEGER - server.forget(url);
}

async function read(subscribe: Subscribe, url: string): Promise<number[]> {
  const numbers: number[] = [];
  for await (const { data } of subscribe(url, { limit: LIMIT, retryDelayMs: () => 1 })) numbers.push(data.n);
  return numbers;
}

function count(numbers: readonly number[], damage: Damage): void {
  const seen = new Set(numbers);
  damage.cuts += 1;
  for (let n = 1; n <= MESSAGES; n += 1) if (!seen.has(n)) damage.lost += 1;
  damage.repeated += numbers.length - seen.size;
  damage.disordered += numbers.filter((n, index) => n < (numbers[index - 1] ?? 0)).length;
}
