import { claim } from "../../../../engine/model/claim.ts";
import { Undecided } from "../../../../engine/run/checks.ts";
import { type Answer, page, problem, stream } from "../answers.ts";
import { messageBlocks, openBlock } from "../block-text.ts";
import type { ClientContext } from "../client-context.ts";
import type { ClientTestDefinition } from "../client-definition.ts";
import type { Reading } from "../reading.ts";
import { BEGINNING } from "../scripted-channel.ts";
import { numbered } from "../scripted-log.ts";
import type { SeenRequest } from "../seen-request.ts";
import { DOUBLING, DOUBLING_LIMIT_MS, doublingClaim } from "./backoff.ts";
import {
  beginOf,
  eachWay,
  handedOn,
  isOnTheWay,
  nthRequest,
  part,
  positionOf,
  untilHanded,
  type Way,
} from "./following.ts";

/** The messages of the channel; the client has the first two when the answers become wrong. */
const MESSAGES = numbered(4);
const FIRST = MESSAGES.slice(0, 2);

/** An answer that cannot be right for the requested cursor, and the requirement that says so. */
interface Impossible {
  readonly name: string;
  readonly requirement: string;
  readonly answer: Answer;
}

/** Impossible pages, for polls and long polls. */
const PAGES: readonly Impossible[] = [
  {
    name: "a page with new messages whose cursor has not moved",
    requirement: "CLI-PLACE-1",
    answer: (reply) => page({ messages: MESSAGES.slice(2), cursor: beginOf(reply.request) })(reply),
  },
  {
    name: "a page with more whose cursor has not moved",
    requirement: "CLI-PLACE-1",
    answer: (reply) => page({ messages: [], cursor: beginOf(reply.request), more: true })(reply),
  },
  {
    name: "a page from the beginning, beyond the cursor that was asked for",
    requirement: "CLI-PLACE-2",
    answer: page({ messages: MESSAGES, cursor: "M-4", retry: 0 }),
  },
  {
    name: "a page from the beginning that ends before the cursor that was asked for",
    requirement: "CLI-PLACE-2",
    answer: page({ messages: MESSAGES.slice(0, 1), cursor: "M-1", more: true }),
  },
];

/** Impossible streams. */
const STREAMS: readonly Impossible[] = [
  {
    name: "a stream from the beginning",
    requirement: "CLI-PLACE-3",
    answer: stream(openBlock(BEGINNING) + messageBlocks(MESSAGES), { ending: "open" }),
  },
  {
    name: "a stream that begins elsewhere and ends",
    requirement: "CLI-PLACE-3",
    answer: stream(openBlock("X-9") + messageBlocks(MESSAGES.slice(2))),
  },
  {
    name: "a stream that opens at the requested cursor and then starts before it",
    requirement: "CLI-PLACE-2",
    answer: (reply) =>
      stream(openBlock(beginOf(reply.request)) + messageBlocks(MESSAGES), { ending: "open" })(reply),
  },
];

/** How a client treats answers that begin at the wrong place. */
export const placeTests: readonly ClientTestDefinition[] = [
  ...eachWay((way) => ({
    id: `client/${way}/doubts-answers-from-elsewhere`,
    title:
      "The client delivers nothing twice from an answer that does not continue at the requested cursor, and backs off",
    requirements: way === "sse" ? ["CLI-PLACE-2", "CLI-PLACE-3"] : ["CLI-PLACE-1", "CLI-PLACE-2"],
    needs: [way],
    waitsMs: DOUBLING.waitsMs,
    async run(t) {
      const runs = (way === "sse" ? STREAMS : PAGES).map((impossible) => ({
        ...impossible,
        clients: Array.from({ length: DOUBLING.clients }, () => meetOften(t, way, impossible.answer)),
      }));
      for (const { name, requirement, clients } of runs) {
        for (const { later, reading } of clients) {
          await t.until(() => later.length > DOUBLING.failures || reading.hasEnded, DOUBLING_LIMIT_MS);
          await deliversInTime(t, reading);
          t.need(claim(later.length > 0, "requests after the first messages", "at least one", later.length));
          const found = handedOn(reading, MESSAGES);
          const what = `${found.what} around ${name}`;
          // One client is enough: waiting for each of the others would take too long.
          if (!t.check(requirement, { ...found, what }, later[0])) break;
          const position = positionOf(`the request after ${name}`, later[1], "M-2", reading);
          t.check(requirement, position, later[1]);
        }
        const failed = clients.map(({ later }) => later.slice(0, DOUBLING.failures + 1));
        if (failed.every((requests) => requests.length > DOUBLING.failures))
          t.check(requirement, doublingClaim(name, failed), failed[0]?.at(-1));
      }
    },
  })),
  {
    id: "client/auto/doubts-answers-from-elsewhere",
    title: "While a hop drops the position, the client delivers nothing twice, by any mechanism",
    requirements: ["CLI-PLACE-2", "CLI-PLACE-3"],
    needs: ["auto"],
    waitsMs: 3_000,
    async run(t) {
      const runs = [
        { requirement: "CLI-PLACE-3", ...meetInAuto(t, (request) => request.isStream) },
        { requirement: "CLI-PLACE-2", ...meetInAuto(t, (request) => !request.isStream) },
      ];
      for (const { requirement, channel, reading } of runs) {
        await nthRequest(t, channel, HOPS + 1, reading);
        await deliversInTime(t, reading);
        t.need(claim(channel.requests.length > 1, "requests", "more than one", channel.requests.length));
        t.check(requirement, handedOn(reading, MESSAGES), channel.requests.at(-1));
      }
    },
  },
];

/**
 * Wait until the client has delivered everything. It backs off at each impossible answer, for longer on a busy machine,
 * so a client that has delivered too little by then is slow, and has not violated these requirements.
 */
async function deliversInTime(t: ClientContext, reading: Reading): Promise<void> {
  await untilHanded(t, reading, MESSAGES.length);
  if (isOnTheWay(reading, MESSAGES))
    throw new Undecided(
      "LAGGED",
      `the client delivered ${reading.messages.length} of ${MESSAGES.length} messages in time`,
    );
}

/** Requests that the hop affects, including the first one. */
const HOPS = 7;

/** A channel for `auto` that serves only these requests, and answers wrongly for a while after the first messages. */
function meetInAuto(t: ClientContext, isServed: (request: SeenRequest) => boolean) {
  let served = 0;
  const channel = t.channel({
    messages: MESSAGES,
    closed: true,
    script: (request, number) => {
      if (!isServed(request)) return problem(406, { name: "not-acceptable" });
      served += 1;
      if (served === 1) return part(request.isStream ? "sse" : "long-poll", FIRST);
      if (number > HOPS) return undefined;
      return request.isStream ? STREAMS[0]?.answer : PAGES[2]?.answer;
    },
  });
  return { channel, reading: t.open(channel, "auto") };
}

/** A channel that for a while answers wrongly once the client has read something; `later` has those requests. */
function meetOften(t: ClientContext, way: Way, answer: Answer) {
  const later: SeenRequest[] = [];
  const channel = t.channel({
    messages: MESSAGES,
    closed: true,
    script: (request) => {
      if (beginOf(request) === BEGINNING) return part(way, FIRST);
      later.push(request);
      return later.length <= DOUBLING.failures ? answer : undefined;
    },
  });
  const reading = t.open(channel, way, { options: { reconnectMs: DOUBLING.firstBoundMs } });
  return { later, reading };
}
