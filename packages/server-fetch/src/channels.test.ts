// Both entries serve every mechanism, pass their options on, and can be drained.
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { MemoryLog } from "@tidemark/log-memory";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { listenerOf } from "../../../testing/servers/node-fetch.ts";
import { until } from "../../../testing/servers/serving.ts";
import { type Channels, channels } from "./channels.ts";
import { channels as nodeChannels } from "./node-channels.ts";

type Options = NonNullable<Parameters<typeof nodeChannels>[1]>;
type Held = Pick<Channels, "stats" | "drain">;

/** Makes a listener of each entry. */
const ENTRIES: Readonly<Record<string, (log: MemoryLog, options: Options) => [RequestListener, Held]>> = {
  fetch: (log, options) => {
    const handle = channels(log, options as unknown as Parameters<typeof channels>[1]);
    return [listenerOf(handle), handle];
  },
  node: (log, options) => {
    const handle = nodeChannels(log, options);
    return [(req, res) => void (handle(req, res) || res.writeHead(404).end()), handle];
  },
};

async function serving(
  entry: string,
  options: Options,
  run: (url: string, held: Held) => Promise<void>,
): Promise<void> {
  const [listener, held] = ENTRIES[entry]?.(new MemoryLog(), options) ?? [];
  if (listener === undefined || held === undefined) throw new Error(`no entry ${entry}`);
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    await run(`http://127.0.0.1:${(server.address() as AddressInfo).port}/channels/a`, held);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

const publish = (url: string): Promise<Response> =>
  fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: '{"messages":[{"data":1}]}',
  });

for (const entry of Object.keys(ENTRIES)) {
  test(`${entry}: a page, a held poll, a stream and a publish`, () =>
    serving(entry, {}, async (url, { stats }) => {
      const page = await fetch(url);
      assert.match(page.headers.get("tidemark") ?? "", /mechanisms=\(poll long-poll sse\).*filters=|publish/);
      const { cursor } = (await page.json()) as { readonly cursor: string };
      const held = fetch(`${url}?wait=60&after=${cursor}`);
      const stream = await fetch(`${url}?stream=1`);
      await until(() => stats().held === 1 && stats().streams === 1, "both are held");
      assert.is((await publish(url)).status, 200);
      const { messages } = (await (await held).json()) as { readonly messages: readonly { data: unknown }[] };
      assert.is(messages[0]?.data, 1);
      const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
      let text = "";
      while (!text.includes("data: 1\n")) text += (await reader?.read())?.value ?? "";
      await reader?.cancel();
      await until(() => stats().streams === 0, "the stream is released");
    }));

  test(`${entry}: the options of the server and of each mechanism have effect`, () =>
    serving(
      entry,
      { publishing: null, sse: { heartbeatS: 3 }, longPolling: { maxWaitS: 7 }, maxLimit: 9 },
      async (url) => {
        const claims = (await fetch(url)).headers.get("tidemark");
        assert.match(claims ?? "", /max-wait=7, max-limit=9, heartbeat=3/);
        assert.is((await publish(url)).status, 405);
      },
    ));

  test(`${entry}: drain answers what is held`, () =>
    serving(entry, {}, async (url, { stats, drain }) => {
      const stream = await fetch(`${url}?stream=1`);
      const rest = stream.text();
      await until(() => stats().streams === 1, "the stream is open");
      await drain({ windowMs: 0 });
      assert.match(await rest, /^event: \$open$/m);
    }));
}

test("an invalid option is an error at once", () => {
  assert.throws(() => channels(new MemoryLog(), { sse: { heartbeatS: 0 } }), /heartbeatS/);
  assert.throws(() => nodeChannels(new MemoryLog(), { path: "/none" }), /:channel/);
});

test("remoteAddress gets what the platform passes, so that limits for one address apply", async () => {
  const handle = channels<[string]>(new MemoryLog(), {
    remoteAddress: (_, address) => address,
    maxNewChannelsPerHour: 1,
  });
  const statusOf = async (name: string, address: string): Promise<number> => {
    const init = { method: "POST", headers: { "Content-Type": "application/json" }, body: '{"close":true}' };
    return (await handle(new Request(`http://localhost/channels/${name}`, init), address)).status;
  };
  assert.is(await statusOf("a", "192.0.2.1"), 200);
  assert.is(await statusOf("b", "192.0.2.1"), 429);
  assert.is(await statusOf("b", "192.0.2.2"), 200);
});

test.run();
