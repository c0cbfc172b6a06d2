import { withQuery } from "../../../../engine/wire/channel.ts";
import type { Exchange } from "../../../../engine/wire/exchange.ts";
import type { RequestInit } from "../../../../engine/wire/request.ts";
import { readPage } from "../../read/page.ts";
import type { Target } from "../target.ts";
import { NAME_KINDS, type NameKind, type Pair, PLAIN, pairOf } from "./channels.ts";
import { Sender } from "./sender.ts";

/** What a server was seen to allow, before any history is played. */
export interface Probed {
  /** How many messages a channel keeps; undefined: all that a history publishes. */
  readonly retains: number | undefined;
  /** Kinds of names that it takes. */
  readonly names: readonly NameKind[];
}

/** More messages and characters than a history publishes. */
const POSTS = { count: 16, messages: 100, characters: 2_000 };

const LIMIT_MS = 5_000;

/** Look at a server once for all campaigns of a run. */
export async function probe(target: Target, name: string): Promise<Probed> {
  const sender = new Sender(target, []);
  const pair = async (suffix: string, kind: NameKind): Promise<Pair> => {
    const channels = pairOf(target.template, `${name}-${suffix}`, kind);
    await Promise.all(channels.map((channel) => target.declare?.(channel)));
    return channels;
  };
  const ask = async (init: RequestInit): Promise<Exchange> => sender.send(init, "close").done(LIMIT_MS);
  try {
    const names = [PLAIN];
    for (let kind = 1; kind < NAME_KINDS; kind += 1)
      if (await takes(ask, await pair("n", kind))) names.push(kind);
    return { names, retains: await retained(ask, await pair("r", PLAIN)) };
  } finally {
    sender.end();
  }
}

type Ask = (init: RequestInit) => Promise<Exchange>;

async function takes(ask: Ask, pair: Pair): Promise<boolean> {
  const answers = await Promise.all(pair.map(({ url }) => ask({ url })));
  return answers.every(({ status }) => status === 200);
}

/** How many messages are left of many. */
async function retained(ask: Ask, [{ url }]: Pair): Promise<number | undefined> {
  const text = "x".repeat(Math.floor(POSTS.characters / POSTS.messages));
  const message = `{"data":"${text}"}`;
  const body = `{"messages":[${Array.from({ length: POSTS.messages }, () => message).join(",")}]}`;
  const first = await ask(post(url, '{"messages":[{"data":"first"}]}'));
  if (first.status !== 200 && first.status !== 201) return undefined;
  for (let count = 0; count < POSTS.count; count += 1) {
    const { status } = await ask(post(url, body));
    if (status !== 200) return undefined;
  }
  const kept = await countFrom(ask, url);
  await ask({ method: "DELETE", url });
  return kept !== undefined && kept <= POSTS.count * POSTS.messages ? kept : undefined;
}

function post(url: string, body: string): RequestInit {
  return { method: "POST", url, headers: [["Content-Type", "application/json"]], body };
}

/** The number of messages from the start; undefined if all are there, or if that could not be read. */
async function countFrom(ask: Ask, url: string): Promise<number | undefined> {
  let after = "start";
  let count = 0;
  for (let pages = 0; pages < POSTS.count * POSTS.messages; pages += 1) {
    const page = readPage(await ask({ url: withQuery(url, { after }) }));
    if (typeof page === "string") return undefined;
    if (count === 0 && page.messages[0]?.data === "first") return undefined;
    count += page.messages.length;
    if (!page.more) return count;
    after = page.cursor;
  }
  return undefined;
}
