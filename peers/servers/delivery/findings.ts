import { publish, valuesOf } from "../findings/finding.ts";
import { isSilentToProxies } from "../findings/head.ts";
import { type Running, startTicking } from "../page/subjects.ts";
import { readUntil } from "../read-until.ts";
import type { RunningServer } from "../start-server.ts";

/** Something that a server of the page does, shown without the suite. */
export interface DeliveryFinding {
  readonly id: string;
  /** Its id on the page. */
  readonly server: string;
  /** The versions in which it was seen. A new version shows whether it is repaired. */
  readonly version: string;
  /** The sentence of a profile that a suite reports. */
  readonly requirement: string;
  readonly title: string;
  isSeen(server: Running): Promise<boolean>;
}

const TWO = /(?:data:[\s\S]*?){2}\n\n/;

/** Whether two connections give different events the same id. */
async function countsForEach({ url }: Running): Promise<boolean> {
  const [one, two] = [await readUntil(url, TWO), await readUntil(url, TWO)];
  const id = valuesOf("id", one)[0];
  return id === valuesOf("id", two)[0] && valuesOf("data", one)[0] !== valuesOf("data", two)[0];
}

/** What the servers do, in the versions that `peers/package-lock.json` installs. */
export const DELIVERY_FINDINGS: readonly DeliveryFinding[] = [
  {
    id: "express-pouchdb-ignores-the-timeout",
    server: "express-pouchdb",
    version: "express-pouchdb 4.2.0, pouchdb-node 9.0.0",
    requirement: "DL-WAIT-3",
    title: "A held request for changes is not answered after its timeout if nothing changes.",
    async isSeen({ url }) {
      await fetch(`${url}/quiet`, { method: "PUT" });
      const asked = `${url}/quiet/_changes?feed=longpoll&since=0&timeout=1000`;
      const signal = AbortSignal.timeout(5_000);
      const body = fetch(asked, { signal }).then((response) => response.text());
      return body.then(
        () => false,
        (error: Error) => error.name === "TimeoutError",
      );
    },
  },
  {
    id: "sse-pubsub-skips-what-is-gone",
    server: "sse-pubsub",
    version: "sse-pubsub 1.4.5",
    requirement: "ES-RESUME-9",
    title:
      "After an id that is older than its history, it continues with the oldest message, as if none were missing.",
    async isSeen(server) {
      const numbers = Array.from({ length: 120 }, (_, n) => `message ${n}`);
      await publish(server as RunningServer, ...numbers);
      const after = await readUntil(server.url, /data:/, { "Last-Event-ID": "1" });
      return Number(valuesOf("id", after)[0]) > 2;
    },
  },
  {
    id: "fastify-sse-v2-counts-for-each-connection",
    server: "fastify-sse-v2",
    version: "fastify-sse-v2 4.2.2, fastify 5.12.8",
    requirement: "ES-RESUME-3",
    title: "The ids of the documented example begin at 0 on each connection.",
    isSeen: countsForEach,
  },
  {
    id: "express-sse-counts-for-each-connection",
    server: "express-sse",
    version: "express-sse 1.0.0, express-4 4.22.1",
    requirement: "ES-RESUME-3",
    title: "Ids count the events of one connection, so that one id names many events.",
    isSeen: countsForEach,
  },
  {
    id: "nchan-resets-head",
    server: "nchan",
    version: "1.3.6 (Debian 1:1.3.6+dfsg-2)",
    requirement: "ES-OPEN-13",
    title: "HEAD for a stream is answered by the end of the connection, without a head.",
    isSeen: ({ url }) =>
      fetch(`${url}/sub/events`, { method: "HEAD", headers: { Accept: "text/event-stream" } }).then(
        () => false,
        () => true,
      ),
  },
  {
    id: "nchan-does-not-address-proxies",
    server: "nchan",
    version: "1.3.6 (Debian 1:1.3.6+dfsg-2)",
    requirement: "ES-OPEN-15",
    title: "The head of a stream does not tell proxies to forward events at once.",
    isSeen: ({ url }) => isSilentToProxies({ url: `${url}/sub/events` }),
  },
  {
    id: "durable-streams-does-not-address-proxies",
    server: "Durable Streams",
    version: "@durable-streams/server 0.3.7",
    requirement: "ES-OPEN-15",
    title: "The head of a stream does not tell proxies to forward events at once.",
    isSeen: async (server) => isSilentToProxies(await startTicking(server)),
  },
];
