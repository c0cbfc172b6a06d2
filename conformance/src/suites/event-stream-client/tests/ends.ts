import { claim, same } from "../../../engine/model/claim.ts";
import { utf8 } from "../../../engine/wire/bytes.ts";
import type { Answer } from "../../tidemark/client/answers.ts";
import type { ClientContext } from "../../tidemark/client/client-context.ts";
import type { ClientTestDefinition } from "../../tidemark/client/client-definition.ts";
import { gone, plain, refusal } from "../answers.ts";
import {
  defineTest,
  delivered,
  events,
  type Followed,
  follow,
  needRequest,
  nthRequest,
  untilDelivered,
} from "../following.ts";

const one = plain("id: 1\ndata: one\n\n");
const trap = "data: no\n\n";

/** Shortest time to watch a client that has to make no other request. */
const WINDOW_MS = 400;

/** How long the client takes to make another request: who expects none watches for a multiple of that. */
async function controlRetry(t: ClientContext): Promise<number> {
  const control = follow(t, [one, one]);
  const next = await nthRequest(t, control, 2);
  const [first] = control.channel.requests;
  t.control(
    claim(next !== undefined, "after a stream the client", "makes another request", control.reading.ending),
  );
  return first && next ? first.until(next) : 0;
}

/** Check that the client ends at the last of `requests` answers. */
async function endsAfter(
  t: ClientContext,
  requirement: string,
  name: string,
  { followed, requests, retryMs }: { followed: Followed; requests: number; retryMs: number },
): Promise<void> {
  await needRequest(t, followed, requests);
  await t.watch(Math.max(WINDOW_MS, 3 * retryMs));
  const { channel } = followed;
  t.check(
    requirement,
    same(`requests up to ${name}`, channel.requests.length, requests),
    channel.requests.at(-1),
  );
}

const FOREIGN: readonly (readonly [name: string, answer: Answer])[] = [
  ["a page", plain(trap, { type: "text/html" })],
  ["JSON", plain(trap, { type: "application/json" })],
  ["a longer media type", plain(trap, { type: "text/event-streams" })],
  ["another type before it", plain(trap, { type: "application/text/event-stream" })],
  ["no media type", plain(trap, { type: null })],
];

/** When a client ends, and what it believes. */
export const endTests: readonly ClientTestDefinition[] = [
  defineTest({
    id: "end/204",
    title: "The client ends at a 204, as the first answer and later",
    requirements: ["EC-END-1"],
    async run(t) {
      const retryMs = await controlRetry(t);
      const runs = [
        { name: "a first 204", followed: follow(t, [gone, one]), requests: 1 },
        { name: "a 204 after a stream", followed: follow(t, [one, gone, one]), requests: 2 },
      ];
      await Promise.all(runs.map(({ name, ...run }) => endsAfter(t, "EC-END-1", name, { ...run, retryMs })));
    },
  }),
  ...[400, 403, 404, 410].map((status) =>
    defineTest({
      id: `end/${status}`,
      title: `The client ends at a ${status}`,
      requirements: ["EC-END-2"],
      async run(t) {
        const retryMs = await controlRetry(t);
        const followed = follow(t, [one, refusal(status), one]);
        await endsAfter(t, "EC-END-2", `a ${status}`, { followed, requests: 2, retryMs });
      },
    }),
  ),
  defineTest({
    id: "end/other-types-bring-nothing",
    title: "The client delivers nothing of a response with another media type",
    requirements: ["EC-END-3"],
    async run(t) {
      const control = follow(t, [plain("data: yes\n\n")]);
      await untilDelivered(t, control, 1);
      t.control(delivered("of an event stream", control.reading, events([[undefined, "yes"]])));
      for (const [name, answer] of FOREIGN) await bringsNothing(t, name, answer);
    },
  }),
  defineTest({
    id: "end/other-statuses-bring-nothing",
    title: "The client delivers nothing of a response with another status",
    requirements: ["EC-END-3"],
    async run(t) {
      const control = follow(t, [plain("data: yes\n\n")]);
      await untilDelivered(t, control, 1);
      t.control(delivered("of an event stream", control.reading, events([[undefined, "yes"]])));
      for (const status of [201, 206, 226, 404, 500])
        await bringsNothing(t, `a ${status}`, plain(trap, { status }));
    },
  }),
  defineTest({
    id: "end/other-types",
    title: "The client ends at a first response with another media type",
    requirements: ["EC-END-4"],
    async run(t) {
      const retryMs = await controlRetry(t);
      const runs = FOREIGN.map(([name, answer]) => ({ name, followed: follow(t, [answer, one]) }));
      for (const { name, followed } of runs)
        await endsAfter(t, "EC-END-4", name, { followed, requests: 1, retryMs });
    },
  }),
  ...[
    "text/event-stream;charset=utf-8",
    "Text/Event-Stream",
    "text/event-stream ; x=y",
    "text/event-stream\t;x",
  ].map((type, index) =>
    defineTest({
      id: `end/media-type-${index + 1}`,
      title: `The client accepts the media type ${JSON.stringify(type)}`,
      requirements: ["EC-END-5"],
      async run(t) {
        const followed = follow(t, [plain("data: one\n\n", { type })]);
        await needRequest(t, followed, 1);
        await untilDelivered(t, followed, 1);
        t.check("EC-END-5", delivered("of this stream", followed.reading, events([[undefined, "one"]])));
      },
    }),
  ),
  defineTest({
    id: "end/closed-by-the-application",
    title: "A client that is closed leaves its connection, and does not come back",
    requirements: ["EC-END-6"],
    async run(t) {
      const retryMs = await controlRetry(t);
      let goOn = (): void => undefined;
      const open: Answer = (reply) => {
        plain("data: one\n\n", { ending: "open" })(reply);
        goOn = () => reply.chunk(utf8("data: no\n\n"));
      };
      const followed = follow(t, [open, one]);
      const { channel, reading } = followed;
      await untilDelivered(t, followed, 1);
      t.need(delivered("before the close", reading, events([[undefined, "one"]])));
      t.close(reading);
      await t.until(() => channel.requests[0]?.ending !== undefined);
      t.check("EC-END-6", same("the end of the connection", channel.requests[0]?.ending, "client-left"));
      goOn();
      await t.watch(Math.max(WINDOW_MS, 3 * retryMs));
      t.check("EC-END-6", same("requests", channel.requests.length, 1));
      t.check("EC-END-6", delivered("in all", reading, events([[undefined, "one"]])));
    },
  }),
];

/** Check that the client delivers nothing of a first answer. */
async function bringsNothing(t: ClientContext, name: string, answer: Answer): Promise<void> {
  const followed = follow(t, [answer]);
  await needRequest(t, followed, 1);
  await t.until(() => followed.reading.hasEnded || followed.channel.requests.length > 1);
  await t.watch(WINDOW_MS);
  t.check("EC-END-3", delivered(`of ${name}`, followed.reading, []), followed.channel.requests[0]);
}
