import { pageText, streamHeaders, tidemarkHeaders } from "../client/answers.ts";
import { closedBlock, messageBlock, openBlock } from "../client/block-text.ts";
import type { ClientTestDefinition } from "../client/client-definition.ts";
import { claim } from "../model/claim.ts";
import { beginOf, type Way } from "./following.ts";

/** Above the limits that clients had; what every client accepts (CLI-SIZE-1) would take the tests of a run too long. */
const LARGE_BYTES = 17 * 1024 * 1024;

/** A large message may take so long. */
const LARGE_MS = 30_000;

/** Long polls bring the same pages as polls. */
const LARGE_WAYS: readonly Way[] = ["poll", "sse"];

/** Which messages a client takes. */
export const sizeTests: readonly ClientTestDefinition[] = LARGE_WAYS.map((way) => ({
  id: `client/${way}/takes-large-messages`,
  title: "A message of 17 MiB is handed on",
  requirements: ["CLI-SIZE-1"],
  needs: [way],
  // It makes this process late, and begins before the tests that look at times.
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

/** A client that breaks the answer off asks for it again and again. */
const MOST_TRIES = 3;
