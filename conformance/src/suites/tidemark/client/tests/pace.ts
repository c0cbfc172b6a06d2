import { type Claim, claim } from "../../../../engine/model/claim.ts";
import { type Answer, page, stream } from "../answers.ts";
import { block, heartbeatBlock, openBlock } from "../block-text.ts";
import type { ClientContext } from "../client-context.ts";
import type { ClientTestDefinition } from "../client-definition.ts";
import type { ScriptedChannel } from "../scripted-channel.ts";
import { numbered } from "../scripted-log.ts";
import type { SeenRequest } from "../seen-request.ts";
import { beginOf, eachWay, nthRequest, received, untilHanded, type Way } from "./following.ts";

/** Most requests in one window while nothing new arrives. */
const MOST_REQUESTS = 10;
const WINDOW_MS = 2_000;

/** How long the answers ask the client to hurry. */
const WATCHED_MS = 2_600;

/** The short `retry` values of the answers, in milliseconds. */
const HASTES = [0, 1];

/** Answers that bring nothing new and ask the client to come again at once, by name. */
function hasty(way: Way): Readonly<Record<string, Answer>> {
  const answers = HASTES.flatMap((retry): [string, Answer][] => {
    if (way !== "sse") return [[`an empty page with retry: ${retry}`, emptyPage(retry)]];
    return [
      [`a stream that ends after a heartbeat, with retry: ${retry}`, beating(retry)],
      [`a stream that ends after its first block, with retry: ${retry}`, opened(retry, "clean")],
      [`a stream that is cut after its first block, with retry: ${retry}`, opened(retry, "cut")],
      [`a stream with only retry: ${retry}`, stream(block({ retry }))],
    ];
  });
  return Object.fromEntries(answers);
}

function emptyPage(retry: number): Answer {
  return (reply) => page({ cursor: beginOf(reply.request), retry })(reply);
}

function opened(retry: number, ending: "clean" | "cut"): Answer {
  return (reply) => stream(openBlock(beginOf(reply.request), { retry }), { ending })(reply);
}

function beating(retry: number): Answer {
  return (reply) => {
    const from = beginOf(reply.request);
    stream(openBlock(from, { retry }) + heartbeatBlock(from))(reply);
  };
}

/** How often a client asks a server that has nothing new. */
export const paceTests: readonly ClientTestDefinition[] = eachWay((way) => ({
  id: `client/${way}/keeps-its-own-pace`,
  title:
    "While nothing new arrives the client sends at most ten requests in two seconds, even if asked to hurry",
  requirements: ["CLI-PACE-1"],
  needs: [way],
  waitsMs: WATCHED_MS,
  async run(t) {
    const runs = Object.entries(hasty(way)).map(([name, answer]) => ({ name, ...hurry(t, way, answer) }));
    await t.watch(WATCHED_MS);
    for (const { name, channel, reading } of runs) {
      await nthRequest(t, channel, 3, reading);
      t.need(
        claim(channel.requests.length > 2, `requests after ${name}`, "3 or more", channel.requests.length),
      );
    }
    for (const run of runs) run.calm();
    for (const { name, channel, reading } of runs) {
      await untilHanded(t, reading, MESSAGES.length);
      const busiest = Math.max(...channel.requests.map((first) => inWindow(channel.requests, first)));
      t.check("CLI-PACE-1", paceClaim(name, busiest), channel.requests.at(-1));
      received(t, "CLI-PACE-1", reading, MESSAGES);
    }
  },
}));

const MESSAGES = numbered(2);

/** A channel that asks the client to hurry until `calm` is called; then it has messages and is closed. */
function hurry(t: ClientContext, way: Way, answer: Answer) {
  let isHasty = true;
  const script: NonNullable<Parameters<ClientContext["channel"]>[0]>["script"] = (_, number) =>
    // The first page brings a cursor, which is new.
    isHasty && (way === "sse" || number > 1) ? answer : undefined;
  const channel: ScriptedChannel = t.channel({ script, closed: false });
  const reading = t.open(channel, way, { options: { waitMs: 60_000 } });
  const calm = (): void => {
    isHasty = false;
    channel.append(...MESSAGES);
    channel.close();
  };
  return { channel, reading, calm };
}

/** How many requests came in the window that starts with `first`. */
function inWindow(requests: readonly SeenRequest[], first: SeenRequest): number {
  return requests.filter(({ at }) => at >= first.at && at < first.at + WINDOW_MS).length;
}

/** Load can only lower this number, because each request is answered before the next. */
function paceClaim(name: string, busiest: number): Claim {
  const what = `the most requests in ${WINDOW_MS} ms, each answered with ${name}`;
  return claim(busiest <= MOST_REQUESTS, what, `at most ${MOST_REQUESTS}`, busiest);
}
