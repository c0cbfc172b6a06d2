import { claim } from "../../../../engine/model/claim.ts";
import { pageText, streamHeaders, tidemarkHeaders } from "../answers.ts";
import { closedBlock, messageBlock, openBlock } from "../block-text.ts";
import type { ClientTestDefinition } from "../client-definition.ts";
import { beginOf, type Way } from "./following.ts";

/** Above the limits that clients used to have. The full size that CLI-SIZE-1 asks for would make a run too long. */
const LARGE_BYTES = 17 * 1024 * 1024;

/** How long a large message may take. */
const LARGE_MS = 30_000;

/** Long polls bring the same pages as polls. */
const LARGE_WAYS: readonly Way[] = ["poll", "sse"];

/** How large a message a client accepts. */
export const sizeTests: readonly ClientTestDefinition[] = LARGE_WAYS.map((way) => ({
  id: `client/${way}/takes-large-messages`,
  title: "The client delivers a message of 17 MiB",
  requirements: ["CLI-SIZE-1"],
  needs: [way],
  // It makes this process lag, so it starts before the tests that measure times.
  waitsMs: 60_000,
  async run(t) {
    const text = "0123456789abcdef".repeat(LARGE_BYTES / 16);
    const message = { cursor: "M-1", json: `"${text}"` };
    const channel = t.channel({
      script: (_, number) => (reply) => {
        const from = beginOf(reply.request);
        const messages = from === message.cursor || number > MOST_TRIES ? [] : [message];
        if (way !== "sse") {
          const page = pageText({ messages, cursor: "M-1", closed: true });
          return reply.whole(200, [...tidemarkHeaders(), ["Content-Type", "application/json"]], page);
        }
        const blocks = messages.map((one) => messageBlock(one)).join("");
        reply.begin(200, streamHeaders());
        reply.chunk(Buffer.from(openBlock(from) + blocks + closedBlock("M-1")));
        reply.end();
      },
    });
    const reading = t.open(channel, way);
    await t.until(() => reading.hasEnded, LARGE_MS);
    t.need(claim(channel.requests.length > 0, "requests", "at least one", channel.requests.length));
    const [data] = reading.messages.map((one) => one.data);
    const actual = data === undefined ? `none; the client ${reading.ending}` : `${data}`.slice(0, 40);
    const found = claim(data === text, "the message", `${text.length} characters`, actual);
    t.check("CLI-SIZE-1", { ...found, timed: data === undefined && !reading.hasEnded }, channel.requests[0]);
  },
}));

/** Most times the message is sent: a client that aborts the answer asks for it again and again. */
const MOST_TRIES = 3;
