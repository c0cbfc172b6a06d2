import type { AddressInfo, Server } from "node:net";
import type { Log } from "@tidemark/log";
import { MemoryLog } from "@tidemark/log-memory";
import { createServing, type Serving } from "../serving.ts";
import { ColumnProxy } from "./column-proxy.ts";
import { createFront } from "./front.ts";
import { readPageFiles } from "./page-files.ts";
import { Publisher } from "./publisher.ts";
import { changed, INITIAL } from "./settings.ts";

/** How to run the playground. */
export interface PlaygroundOptions {
  /** The port of the page; 0 picks a free one. */
  readonly port: number;
  /** A channel or an event stream to show instead of the playground's own channel. Nothing is published to it. */
  readonly url?: URL;
}

/** A running playground. */
export interface Playground {
  /** The address of the page. */
  readonly url: string;
  /** The server behind the proxies, unless they lead to another one. */
  readonly server?: Server;
  readonly log?: Log;
  close(): Promise<void>;
}

/** The columns, in the order of the page. */
const COLUMNS = ["polling", "long-polling", "sse"] as const;

const CHANNEL = "playground";

/** Messages are kept for this long, in milliseconds, and this many of them. A tab that sleeps longer gets a gap. */
const RETENTION = { maxAgeMs: 600_000, maxMessages: 50_000 } as const;

/** The shortest poll interval of the page, in milliseconds; the page's control makes it longer. */
const POLL_MS = 250;

/** Start a server with a channel, a proxy for each column, and the page. All of them listen on 127.0.0.1 only. */
export async function startPlayground({ port, url }: PlaygroundOptions): Promise<Playground> {
  const files = await readPageFiles();
  const own = url ? undefined : await startOwnChannel();
  const target = url ?? own?.target ?? new URL("about:blank");
  let settings = INITIAL;
  const origin = (): string => `http://127.0.0.1:${(front.address() as AddressInfo).port}`;
  const proxies = COLUMNS.map((name) => ({ name, proxy: new ColumnProxy(target, origin) }));
  const front = createFront(files, {
    start: async () => ({
      columns: Object.fromEntries(proxies.map(({ name, proxy }) => [name, proxy.url])),
      settings,
      ...(own ? { cursor: await own.end() } : { target: target.href }),
    }),
    wire: () => Object.fromEntries(proxies.map(({ name, proxy }) => [name, proxy.counts])),
    change(text) {
      settings = changed(settings, text);
      if (own) own.publisher.rate = settings.rate;
      for (const { proxy } of proxies) proxy.settings = settings;
      return settings;
    },
  });
  for (const { proxy } of proxies) await proxy.listen();
  await bind(front, port);
  return {
    url: `${origin()}/`,
    ...(own && { server: own.serving.server, log: own.log }),
    async close() {
      own?.publisher.stop();
      const closed = new Promise((resolve) => front.close(resolve));
      front.closeAllConnections();
      await Promise.all([closed, ...proxies.map(({ proxy }) => proxy.close())]);
      await own?.serving.close(0, () => closeServer(own.serving.server, own.serving.cut));
    },
  };
}

/** The playground's own channel behind a server, and what publishes to it. */
interface OwnChannel {
  readonly log: Log;
  readonly serving: Serving;
  readonly publisher: Publisher;
  readonly target: URL;
  /** The cursor of the newest message. */
  end(): Promise<string>;
}

async function startOwnChannel(): Promise<OwnChannel> {
  const log = new MemoryLog({ retention: RETENTION });
  const serving = createServing(log, { polling: { retryMs: POLL_MS }, publishing: null });
  await bind(serving.server, 0);
  const publisher = new Publisher(log, CHANNEL, INITIAL.rate, (error) => console.error(error));
  return {
    log,
    serving,
    publisher,
    target: new URL(`http://127.0.0.1:${(serving.server.address() as AddressInfo).port}/channels/${CHANNEL}`),
    end: async () => (await log.read(CHANNEL, "end", { maxMessages: 1 })).cursor,
  };
}

function bind(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", reject);
      resolve();
    });
  });
}

function closeServer(server: Server, cut: () => void): Promise<unknown> {
  const closed = new Promise((resolve) => server.close(resolve));
  cut();
  return closed;
}
