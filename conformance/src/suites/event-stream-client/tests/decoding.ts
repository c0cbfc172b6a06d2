import { claim } from "../../../engine/model/claim.ts";
import { utf8 } from "../../../engine/wire/bytes.ts";
import type { Answer } from "../../tidemark/client/answers.ts";
import type { ClientTestDefinition } from "../../tidemark/client/client-definition.ts";
import { FRAGMENTATIONS } from "../../tidemark/client/fragment.ts";
import { plain } from "../answers.ts";
import { defineTest, delivered, events, follow, nthRequest, untilDelivered } from "../following.ts";
import { DECODING_CASES } from "./decoding-cases.ts";

/** An event of a mebibyte. */
const LARGE = "0123456789abcdef".repeat(65_536);

/** Streams that pause right after the byte that ends an event, and how they continue. */
const PAUSES = {
  "LF ends the lines": ["data: one\n\n", "data: two\n\n"],
  "CR ends the lines": ["data: one\r\r", "data: two\r\r"],
  "the CR of a CRLF has arrived": ["data: one\r\n\r", "\ndata: two\r\n\r\n"],
} as const;

/** How a client decodes a stream, however its bytes are split. */
export const decodingTests: readonly ClientTestDefinition[] = [
  ...DECODING_CASES.map((one) =>
    defineTest({
      id: `decoding/${one.name}`,
      title: `The client decodes ${one.title}, in all splits`,
      requirements: [one.requirement],
      async run(t) {
        const runs = FRAGMENTATIONS.map((how) => ({
          how,
          followed: follow(t, [plain(one.bytes, { how, random: t.random })]),
        }));
        const wanted = events(one.events);
        for (const { how, followed } of runs) {
          const { channel, reading } = followed;
          await nthRequest(t, followed, 2);
          await untilDelivered(t, followed, wanted.length);
          t.need(claim(channel.requests.length > 0, "requests", "at least one", channel.requests.length));
          const found = delivered(`split: ${how}`, reading, wanted);
          if (!t.check(one.requirement, found, channel.requests[0])) return;
        }
      },
    }),
  ),
  defineTest({
    id: "decoding/at-once",
    title: "The client delivers an event when its last line end has arrived",
    requirements: ["EC-DECODE-8"],
    async run(t) {
      const runs = Object.entries(PAUSES).map(([name, [begin, rest]]) => {
        let goOn = (): void => undefined;
        const first: Answer = (reply) => {
          plain(begin, { ending: "open" })(reply);
          goOn = () => {
            reply.chunk(utf8(rest));
            reply.end();
          };
        };
        return { name, followed: follow(t, [first]), goOn: () => goOn() };
      });
      for (const { name, followed, goOn } of runs) {
        const { channel, reading } = followed;
        await untilDelivered(t, followed, 1);
        t.need(claim(channel.requests.length > 0, "requests", "at least one", channel.requests.length));
        const found = delivered(
          `before the stream continues; ${name}`,
          reading,
          events([[undefined, "one"]]),
        );
        t.check("EC-DECODE-8", found, channel.requests[0]);
        goOn();
      }
    },
  }),
  defineTest({
    id: "decoding/large",
    title: "The client delivers an event of a mebibyte",
    requirements: ["EC-DECODE-9"],
    async run(t) {
      const followed = follow(t, [plain(`data: ${LARGE}\n\n`)]);
      await untilDelivered(t, followed, 1);
      const { channel, reading } = followed;
      t.need(claim(channel.requests.length > 0, "requests", "at least one", channel.requests.length));
      const [data] = reading.messages.map((message) => message.data);
      const actual = `${data}`.slice(0, 40);
      const found = claim(data === LARGE, "the data", `${LARGE.length} characters`, actual);
      t.check("EC-DECODE-9", { ...found, timed: data === undefined && !reading.hasEnded });
    },
  }),
];
