import { request } from "node:http";
import { readUntil } from "../read-until.ts";
import type { RunningServer } from "../start-server.ts";
import { type Finding, publish, valuesOf } from "./finding.ts";
import { head, isSilentToProxies } from "./head.ts";
import { initialize } from "./mcp.ts";

const THREE = /(?:data:[\s\S]*?){3}\n\n/;

/** Read three events, miss two, resume after the last id: the text before, and the text after. */
async function resumed(server: RunningServer): Promise<{ readonly missed: string; readonly after: string }> {
  const before = await readUntil(server.url, THREE);
  await publish(server, "missed 1", "missed 2");
  const id = valuesOf("id", before).at(-1) ?? "";
  return { missed: before, after: await readUntil(server.url, THREE, { "Last-Event-ID": id }) };
}

const losesWhatWasMissed = async (server: RunningServer): Promise<boolean> =>
  !(await resumed(server)).after.includes("missed 1");

/** Whether a request gets no response head for so long. */
function isWithheld(url: string, method: string, limitMs: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { method, headers: { Accept: "text/event-stream" } });
    asked.setTimeout(limitMs, () => resolve(true));
    asked.once("response", (response) => {
      // The response to HEAD is over when its head is; one that stays open is withheld.
      response.resume().once("end", () => resolve(false));
      if (method === "GET") resolve(false);
    });
    asked.once("error", reject).end();
  });
}

/** What the servers do, in the versions that `peers/package-lock.json` installs. */
export const FINDINGS: readonly Finding[] = [
  {
    id: "better-sse-leaves-replay-to-the-application",
    server: "betterSse",
    version: "better-sse 0.16.1",
    requirement: "ES-RESUME-6",
    title: "A channel sends ids, but a reader that comes back with Last-Event-ID gets only new messages.",
    isSeen: losesWhatWasMissed,
  },
  {
    id: "hono-counts-for-each-connection",
    server: "hono",
    version: "hono 4.13.19, @hono/node-server 2.1.9",
    requirement: "ES-RESUME-3",
    title:
      "The ids of the documented example begin at 0 on each connection, so that one id names many events.",
    isSeen: async ({ url }) => {
      const [one, two] = [await readUntil(url, THREE), await readUntil(url, THREE)];
      return valuesOf("id", one)[0] === "0" && valuesOf("id", two)[0] === "0";
    },
  },
  {
    id: "hono-leaves-replay-to-the-application",
    server: "hono",
    version: "hono 4.13.19, @hono/node-server 2.1.9",
    requirement: "ES-RESUME-6",
    title: "The documented example sends ids, but ignores Last-Event-ID.",
    isSeen: losesWhatWasMissed,
  },
  {
    id: "hono-sends-chunks-to-http-1-0",
    server: "hono",
    version: "hono 4.13.19, @hono/node-server 2.1.9",
    requirement: "ES-OPEN-7",
    title: "A client of HTTP/1.0 gets Transfer-Encoding: chunked, which it cannot decode.",
    isSeen: async ({ url }) =>
      /^transfer-encoding: *chunked/im.test(await head(url, "GET PATH HTTP/1.0\r\nHost: HOST\r\n\r\n")),
  },
  {
    id: "hono-does-not-tell-proxies",
    server: "hono",
    version: "hono 4.13.19, @hono/node-server 2.1.9",
    requirement: "ES-OPEN-15",
    title: "Its response does not tell proxies to forward events at once.",
    isSeen: isSilentToProxies,
  },
  {
    id: "h3-withholds-its-head",
    server: "h3",
    version: "h3 2.0.8",
    requirement: "ES-OPEN-4",
    title: "No response head is sent before the first event.",
    env: { QUIET: "1" },
    isSeen: ({ url }) => isWithheld(url, "GET", 2_000),
  },
  {
    id: "fastify-sse-replays-everything",
    server: "fastifySse",
    version: "@fastify/sse 0.6.0, fastify 5.12.8",
    requirement: "ES-RESUME-6",
    title:
      "The README compares a number with a text by ===, so that each reconnect repeats the whole history.",
    isSeen: async (server) => {
      const { missed, after } = await resumed(server); // its ids are times
      return Number(valuesOf("id", after)[0]) <= Number(valuesOf("id", missed).at(-1));
    },
  },
  {
    id: "fastify-sse-ids-of-a-burst-are-equal",
    server: "fastifySse",
    version: "@fastify/sse 0.6.0, fastify 5.12.8",
    requirement: "ES-RESUME-2",
    title: "The README takes Date.now() as the id, which messages of one millisecond share.",
    isSeen: async (server) => {
      const reading = readUntil(server.url, /burst 59\n/);
      await readUntil(server.url, /tick/);
      await Promise.all(Array.from({ length: 60 }, (_, n) => publish(server, `burst ${n}`)));
      await publish(server, "burst 59");
      const ids = valuesOf("id", await reading);
      return new Set(ids).size < ids.length;
    },
  },
  {
    id: "fastify-sse-never-ends-head",
    server: "fastifySse",
    version: "@fastify/sse 0.6.0, fastify 5.12.8",
    requirement: "ES-OPEN-13",
    title: "HEAD is never answered.",
    isSeen: ({ url }) => isWithheld(url, "HEAD", 3_000),
  },
  {
    id: "graphql-sse-declares-a-coding-none",
    server: "graphqlSse",
    version: "graphql-sse 2.6.1, graphql 16.15.0",
    requirement: "ES-OPEN-10",
    title: "It sends Content-Encoding: none, which is not a content coding.",
    isSeen: async ({ url }) =>
      /^content-encoding: *none/im.test(
        await head(url, "GET PATH HTTP/1.1\r\nHost: HOST\r\nAccept: text/event-stream\r\n\r\n"),
      ),
  },
  {
    id: "graphql-sse-does-not-tell-proxies",
    server: "graphqlSse",
    version: "graphql-sse 2.6.1, graphql 16.15.0",
    requirement: "ES-OPEN-15",
    title: "Its response does not tell proxies to forward events at once.",
    isSeen: isSilentToProxies,
  },
  {
    id: "mcp-sdk-is-deaf-after-resuming",
    server: "mcpSdk",
    version: "@modelcontextprotocol/sdk 1.32.2",
    requirement: "ES-RESUME-6",
    title: "A resumed stand-alone stream replays nothing, and delivers nothing more.",
    isSeen: async (server) => {
      const session = await initialize(server.url);
      const before = await readUntil(server.url, THREE, session);
      const id = valuesOf("id", before).at(-1) ?? "";
      await publish(server, "missed");
      const after = readUntil(server.url, /data:/, { ...session, "Last-Event-ID": id }, 4_000);
      return !(await after).includes("data:");
    },
  },
];
