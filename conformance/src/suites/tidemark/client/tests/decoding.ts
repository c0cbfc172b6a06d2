import { claim, sameList } from "../../../../engine/model/claim.ts";
import { concat, utf8 } from "../../../../engine/wire/bytes.ts";
import { type Answer, beginStream, stream } from "../answers.ts";
import { openBlock } from "../block-text.ts";
import type { ClientTestDefinition } from "../client-definition.ts";
import { FRAGMENTATIONS } from "../fragment.ts";
import { shown } from "../reading.ts";
import { DECODING_CASES } from "./decoding-cases.ts";
import { ended, nthRequest, positionOf, untilHanded, untilOver } from "./following.ts";

/** Ten megabytes, as one event of a stream. */
const BIG = "0123456789".repeat(1_000_000);

/** Long, because the large event passes the client's decoder and then, as JSON, the link to the adapter. */
const LARGE_MS = 30_000;

/** Size of the pieces in which a large event is sent. */
const PIECE_BYTES = 64 * 1024;

/** Streams that pause after a CR that ends a message, and how they continue. */
const ENDS_AT_CR = {
  "lines that end with CR": { begin: "data: 1\rid: A1\r\r", rest: "data: 2\rid: A2\r\r" },
  "lines that end with CRLF": {
    begin: "data: 1\r\nid: A1\r\n\r",
    rest: "\ndata: 2\r\nid: A2\r\n\r\n",
  },
} as const;

/** How a client decodes a stream, however its bytes are split. */
export const decodingTests: readonly ClientTestDefinition[] = [
  ...DECODING_CASES.map(
    (one): ClientTestDefinition => ({
      id: `client/sse/decodes-${one.name}`,
      title: `The client decodes ${one.title}, in all splits`,
      requirements: ["SSE-CLIENT-2"],
      needs: ["sse"],
      async run(t) {
        const bytes = typeof one.bytes === "string" ? utf8(one.bytes) : one.bytes;
        const whole = concat([utf8(one.first ?? openBlock("S-0")), bytes]);
        const runs = FRAGMENTATIONS.map((how) => {
          const first = stream(whole, { how, random: t.random });
          const channel = t.channel({
            script: (_, number) => (number === 1 ? first : ended),
          });
          return { how, channel, reading: t.open(channel, "sse") };
        });
        const wanted = one.messages.map(([event, data]) => shown(event, data));
        for (const { how, channel, reading } of runs) {
          const next = await nthRequest(t, channel, 2, reading);
          if (next !== undefined) await untilOver(t, reading);
          t.need(claim(channel.requests.length > 0, "requests", "at least one", channel.requests.length));
          const handed = sameList(`messages delivered (split: ${how})`, reading.handed, wanted);
          const position = positionOf(
            `the request after the stream (split: ${how})`,
            next,
            one.position,
            reading,
          );
          const isGood = t.check("SSE-CLIENT-2", handed, channel.requests[0]);
          // One split is enough: waiting for a client that hangs in each would take too long.
          if (!t.check("SSE-CLIENT-2", position, next) || !isGood) return;
        }
      },
    }),
  ),
  {
    id: "client/sse/dispatches-at-a-cr",
    title: "A CR at the end of the bytes received so far ends its line at once",
    requirements: ["SSE-CLIENT-2"],
    needs: ["sse"],
    async run(t) {
      const runs = Object.entries(ENDS_AT_CR).map(([name, { begin, rest }]) => {
        let goOn = (): void => undefined;
        const first: Answer = (reply) => {
          stream(openBlock("S-0") + begin, { ending: "open" })(reply);
          goOn = () => {
            reply.chunk(utf8(rest));
            reply.end();
          };
        };
        const channel = t.channel({ script: (_, number) => (number === 1 ? first : ended) });
        const reading = t.open(channel, "sse");
        return { name, channel, reading, goOn: () => goOn() };
      });
      const wanted = [1, 2].map((data) => shown(undefined, data));
      for (const { name, channel, reading, goOn } of runs) {
        await untilHanded(t, reading, 1);
        t.need(claim(channel.requests.length > 0, "requests", "at least one", channel.requests.length));
        const waiting = sameList(
          `messages before the stream continues (${name})`,
          reading.handed,
          wanted.slice(0, 1),
        );
        if (!t.check("SSE-CLIENT-2", waiting, channel.requests[0])) return;
        goOn();
        await untilHanded(t, reading, wanted.length);
        t.check(
          "SSE-CLIENT-2",
          sameList(`messages in all (${name})`, reading.handed, wanted),
          channel.requests[0],
        );
      }
    },
  },
  {
    id: "client/sse/decodes-a-large-event",
    title: "The client delivers an event of ten megabytes",
    requirements: ["SSE-CLIENT-2"],
    needs: ["sse"],
    async run(t) {
      const bytes = utf8(`${openBlock("S-0")}data: "${BIG}"\nid: A1\n\n`);
      const runs = [bytes.length, PIECE_BYTES].map((size) => {
        const first = inPieces(bytes, size);
        const channel = t.channel({ script: (_, number) => (number === 1 ? first : ended) });
        return { channel, reading: t.open(channel, "sse") };
      });
      for (const { channel, reading } of runs) {
        await t.until(() => reading.hasEnded || reading.messages.length > 0, LARGE_MS);
        t.need(claim(channel.requests.length > 0, "requests", "at least one", channel.requests.length));
        const [data] = reading.messages.map((message) => message.data);
        const found = claim(data === BIG, "the data", `${BIG.length} characters`, `${data}`.slice(0, 40));
        t.check("SSE-CLIENT-2", { ...found, timed: data === undefined && !reading.hasEnded });
      }
    },
  },
];

/** A stream of these bytes in pieces of `size` bytes. */
function inPieces(bytes: Uint8Array, size: number): Answer {
  const count = Math.ceil(bytes.length / size);
  const parts = Array.from({ length: count }, (_, index) => bytes.subarray(index * size, (index + 1) * size));
  return (reply) => {
    beginStream(reply);
    void reply.chunks(parts).then(() => reply.end());
  };
}
