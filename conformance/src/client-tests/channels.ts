import { gapProblem, page, problem, stream, tidemarkHeaders } from "../client/answers.ts";
import { closedBlock, openBlock } from "../client/block-text.ts";
import type { ClientTestDefinition } from "../client/client-definition.ts";
import { BEGINNING } from "../client/scripted-channel.ts";
import { numbered, type ScriptedMessage } from "../client/scripted-log.ts";
import { claim, same } from "../model/claim.ts";
import {
  closing,
  controlRetry,
  eachWay,
  endsWithError,
  handedOn,
  meet,
  nthRequest,
  part,
  received,
  recoverAll,
  recovers,
  untilHanded,
  untilOver,
  type Way,
} from "./following.ts";

/** Cursors that are no numbers, no dates and no words, though they may look so. */
const ODD_CURSORS = ["9007199254740993", "010", "9", "1e3", "-0", "0x1F", "A.~_-", "2026-01-01", "NaN"];

/** The longest cursor that there is. */
const LONG_CURSOR = `${"Long-cursor.1~_".repeat(68)}LAST`;

/** A `Tidemark` that a later version could send. */
const RICH_CLAIMS =
  'v=1;since="2026", mechanisms=(poll;q=0.5 warp "string" long-poll sse;a=?0), max-wait=60, heartbeat=15, publish, key-ttl=60, moon=?0, list=(1 2.5 "x"), bin=:AAEC:, text="v=2, v=3", *star=a/b';

/** Values of other types and out of range: all of them as if they were absent. */
const ODD_CLAIMS =
  'v=1, mechanisms=poll, max-wait="60", max-limit=?1, heartbeat=-5, key-ttl=1.5, publish=1, event="yes"';

/** What is no dictionary. */
const NO_DICTIONARIES = [
  "v=1,",
  "v=1, =2",
  "v=1 mechanisms=(poll)",
  "v=1, Mechanisms=(poll)",
  "v=1, x=(1 2",
  'v=1, x="a',
];

const REASONS = ["retention", "epoch", "ahead", "unknown", "solar-flare"];

function gap(reason: string, requested: string): object {
  return { reason, requested, start: "G-1", end: "G-9" };
}

/** What holds in every mechanism: cursors, claims, unknown members, gaps, the end. */
export const channelTests: readonly ClientTestDefinition[] = [
  ...eachWay((way) => ({
    id: `client/${way}/cursors-are-opaque`,
    title: "A cursor is sent back as it came, whatever it looks like and however long it is",
    requirements: ["CORE-CURSOR-6", "CORE-CURSOR-7"],
    needs: [way],
    async run(t) {
      const cursors = [...ODD_CURSORS, LONG_CURSOR];
      const messages = cursors.map((cursor, index): ScriptedMessage => ({ cursor, json: String(index) }));
      const channel = t.channel({
        messages,
        closed: true,
        script: (_, number) =>
          number <= cursors.length ? part(way, messages.slice(number - 1, number)) : undefined,
      });
      const reading = t.open(channel, way);
      await untilHanded(t, reading, messages.length);
      await nthRequest(t, channel, cursors.length + 1, reading);
      t.need(claim(channel.requests.length > 1, "requests", "more than one", channel.requests.length));
      for (const [index, request] of channel.requests.slice(1).entries()) {
        const requirement = cursors[index] === LONG_CURSOR ? "CORE-CURSOR-7" : "CORE-CURSOR-6";
        t.check(
          requirement,
          same(`position of request ${index + 2}`, request.position, cursors[index]),
          request,
        );
      }
      received(t, "CORE-CURSOR-6", reading, messages);
    },
  })),
  ...eachWay((way) => ({
    id: `client/${way}/ignores-claims-that-it-does-not-know`,
    title: "Unknown keys, tokens and parameters in Tidemark change nothing",
    requirements: ["CORE-CLAIM-5"],
    needs: [way],
    async run(t) {
      const messages = numbered(3);
      const channel = t.channel({ messages: messages.slice(0, 2), style: { claims: RICH_CLAIMS } });
      const reading = t.open(channel, way);
      await untilHanded(t, reading, 2);
      channel.append(...messages.slice(2));
      channel.close();
      await untilOver(t, reading);
      received(t, "CORE-CLAIM-5", reading, messages);
      t.check("CORE-CLAIM-5", same("the end", reading.ending, "ended without an error"));
      const retryMs = await controlRetry(t, way);
      const refusal = problem(403, { name: "forbidden", claims: RICH_CLAIMS });
      await endsWithError(
        t,
        "CORE-CLAIM-5",
        "403 with unknown keys in Tidemark",
        meet(t, way, refusal, 9),
        retryMs,
      );
    },
  })),
  ...eachWay((way) => ({
    id: `client/${way}/takes-odd-claims-as-absent`,
    title: "Values of other types in Tidemark are as absent, and what is no dictionary is no field",
    requirements: ["CORE-CLAIM-6"],
    needs: [way],
    async run(t) {
      const messages = numbered(2);
      const reading = t.open(t.channel({ messages, closed: true, style: { claims: ODD_CLAIMS } }), way);
      await untilHanded(t, reading, messages.length);
      received(t, "CORE-CLAIM-6", reading, messages);
      const strangers = NO_DICTIONARIES.map((claims) => ({
        name: `403 with Tidemark: ${claims}`,
        faulty: meet(t, way, problem(403, { name: "forbidden", claims })),
      }));
      await recoverAll(t, "CORE-CLAIM-6", strangers);
    },
  })),
  ...eachWay((way) => ({
    id: `client/${way}/tells-problems-apart-by-type`,
    title: "The type decides what a problem is, and the status where the type is unknown",
    requirements: ["CORE-PROBLEM-3"],
    needs: [way],
    async run(t) {
      const retryMs = await controlRetry(t, way);
      const members = { reason: "unknown", requested: "x", start: "G-1", end: "G-9", detail: "gap" };
      const odd = problem(400, { name: "https://elsewhere.example/gap", title: "gap", members });
      const faulty = meet(t, way, odd, 9);
      await endsWithError(t, "CORE-PROBLEM-3", "400 of an unknown type", faulty, retryMs);
      t.check("CORE-PROBLEM-3", same("gaps told", faulty.reading.gaps.length, 0));
      const busy = problem(503, {
        name: "https://elsewhere.example/forbidden",
        title: "forbidden",
        headers: [["Retry-After", "0"]],
      });
      await recovers(t, "CORE-PROBLEM-3", "503 of an unknown type", meet(t, way, busy));
    },
  })),
  ...eachWay((way) => ({
    id: `client/${way}/ignores-unknown-members`,
    title: "Members that the client does not know change nothing",
    requirements: ["CORE-UNKNOWN-1"],
    needs: [way],
    async run(t) {
      const messages = numbered(2);
      const extra = { news: [1], messages2: [{ cursor: "X" }], Closed: true, error: "no" };
      const first =
        way === "sse"
          ? stream(openBlock(BEGINNING, { more: extra }) + blocksOf(messages))
          : page({ messages, cursor: "M-2", more: true, extra });
      const channel = t.channel({
        messages,
        closed: true,
        script: (_, number) => (number === 1 ? first : undefined),
      });
      const reading = t.open(channel, way);
      await untilOver(t, reading);
      received(t, "CORE-UNKNOWN-1", reading, messages);
      const retryMs = await controlRetry(t, way);
      const refusal = problem(404, {
        name: "no-such-channel",
        members: { ...extra, retry: true, code: 503 },
      });
      await endsWithError(t, "CORE-UNKNOWN-1", "404 with unknown members", meet(t, way, refusal, 9), retryMs);
    },
  })),
  ...eachWay((way) => ({
    id: `client/${way}/tells-every-gap`,
    title: "A 410 is told as a gap, whatever its reason, and the client does not go on by itself",
    requirements: ["CLI-GAP-1", "CLI-GAP-2", "CORE-GAP-8"],
    needs: [way],
    async run(t) {
      const retryMs = await controlRetry(t, way);
      const runs = REASONS.map((reason) => ({
        reason,
        faulty: meet(t, way, gapProblem(gap(reason, "M-2")), 9),
      }));
      for (const { faulty } of runs)
        await t.until(
          () =>
            faulty.channel.requests.length >= 2 &&
            (faulty.reading.gaps.length > 0 || faulty.reading.failure !== undefined),
        );
      for (const { faulty } of runs) t.control(handedOn(faulty.reading, faulty.messages.slice(0, 2)));
      await t.watch(Math.max(400, 3 * retryMs));
      for (const { reason, faulty } of runs) {
        const { channel, reading } = faulty;
        t.check(
          "CLI-GAP-1",
          same(`gaps told after 410 ${reason}`, reading.gaps.length, 1),
          channel.requests[1],
        );
        t.check(
          "CLI-GAP-2",
          same(`requests, the one with 410 ${reason} included`, channel.requests.length, 2),
          channel.requests[1],
        );
      }
      const outcomes = new Set(
        runs.map(
          ({ faulty: { reading, channel } }) =>
            `${reading.ending}, ${reading.gaps.length} gaps, ${channel.requests.length} requests`,
        ),
      );
      t.check("CORE-GAP-8", same("different outcomes of the same gap with other reasons", outcomes.size, 1));
    },
  })),
  ...eachWay((way) => ({
    id: `client/${way}/goes-on-after-a-gap-where-it-was-told`,
    title:
      "Where the application said so beforehand, the client goes on after a gap, and tells that in band too",
    requirements: ["CLI-GAP-1", "CLI-GAP-2", "CORE-GAP-8"],
    needs: [way, "gap-choice"],
    async run(t) {
      const messages = numbered(2, "G", 2);
      const told = gap("retention", "M-2");
      const runs = REASONS.map((reason) => {
        let served = 0;
        const channel = t.channel({
          script: ({ query, position }, number) => {
            if (number === 1) return part(way, numbered(2));
            const inBand = query.get("gap") === "start";
            const isKnown = position === "G-1" || position === "start";
            if (!inBand && isKnown) return closing(way, messages, "G-1");
            served += 1;
            if (!inBand) return gapProblem(gap(reason, position ?? ""));
            return way === "sse"
              ? stream(openBlock("G-1", { more: { gap: told } }) + blocksOf(messages) + closedBlock("G-3"))
              : page({ messages, cursor: "G-3", closed: true, gap: told });
          },
        });
        return { channel, reading: t.open(channel, way, { gap: "start" }), served: () => served };
      });
      for (const { channel, reading, served } of runs) {
        await untilOver(t, reading);
        t.need(claim(served() > 0, "gaps that were served", "at least one", served()));
        t.check("CLI-GAP-1", same("gaps told", reading.gaps.length, served()), channel.requests.at(-1));
        received(t, "CLI-GAP-2", reading, [...numbered(2), ...messages], channel.requests.at(-1));
      }
      const outcomes = new Set(
        runs.map(
          ({ reading, channel }) => `${reading.gaps.length} gaps, ${channel.requests.length} requests`,
        ),
      );
      t.check("CORE-GAP-8", same("different outcomes of the same gap with other reasons", outcomes.size, 1));
    },
  })),
  ...eachWay((way) => ({
    id: `client/${way}/ends-with-the-channel`,
    title: "The end of a closed channel ends the client without an error, after everything was handed on",
    requirements: ["CLI-END-1"],
    needs: [way],
    async run(t) {
      const messages = numbered(4);
      const ends = [closing(way, messages.slice(2), "M-2"), closing(way, [], "M-4")];
      const runs = ends.map((end, index) => {
        const channel = t.channel({
          script: (_, number) => (number === 1 ? part(way, messages.slice(0, index === 0 ? 2 : 4)) : end),
        });
        return { channel, reading: t.open(channel, way) };
      });
      for (const { reading } of runs) await untilOver(t, reading);
      const retryMs = await controlRetry(t, way);
      await t.watch(Math.max(400, 3 * retryMs));
      for (const { channel, reading } of runs) {
        received(t, "CLI-END-1", reading, messages, channel.requests[1]);
        t.check("CLI-END-1", same("the end", reading.ending, "ended without an error"), channel.requests[1]);
        t.check("CLI-END-1", same("requests", channel.requests.length, 2), channel.requests[1]);
      }
    },
  })),
  {
    id: "client/sse/ends-with-204",
    title: "A 204 ends the client without an error",
    requirements: ["CLI-END-1"],
    needs: ["sse"],
    async run(t) {
      const { channel, reading, messages } = meet(
        t,
        "sse",
        (reply) => reply.whole(204, tidemarkHeaders()),
        9,
      );
      await t.until(() => reading.done || reading.failure !== undefined || channel.requests.length > 2);
      const retryMs = await controlRetry(t, "sse");
      await t.watch(Math.max(400, 3 * retryMs));
      received(t, "CLI-END-1", reading, messages.slice(0, 2));
      t.check("CLI-END-1", same("the end", reading.ending, "ended without an error"));
      t.check("CLI-END-1", same("requests", channel.requests.length, 2));
    },
  },
  ...eachWay((way) => ({
    id: `client/${way}/hands-on-each-once-in-order`,
    title: "Every message is handed on once and in order, across failures of all kinds",
    requirements: ["CLI-ORDER-1", "CLI-RETRY-1"],
    needs: [way],
    async run(t) {
      const messages = numbered(30);
      const channel = t.channel({
        messages,
        closed: true,
        pageSize: 3,
        script: ({ position }, number) => faults(way, messages, position, number),
      });
      const reading = t.open(channel, way);
      await t.until(
        () => reading.done || reading.failure !== undefined || reading.messages.length > messages.length,
      );
      t.check("CLI-ORDER-1", handedOn(reading, messages));
      const last = channel.requests.at(-1);
      t.check(
        "CLI-RETRY-1",
        claim(
          last?.position !== undefined && channel.requests.length > 5,
          "requests",
          "on and on",
          channel.requests.length,
        ),
      );
    },
  })),
];

function blocksOf(messages: readonly ScriptedMessage[]): string {
  return messages
    .map(
      ({ cursor, event, json }) =>
        `${event === undefined ? "" : `event: ${event}\n`}data: ${json}\nid: ${cursor}\n\n`,
    )
    .join("");
}

/** Every second answer of this channel is a failure, each of another kind. */
function faults(
  way: Way,
  messages: readonly ScriptedMessage[],
  position: string | undefined,
  number: number,
): ReturnType<typeof part> | undefined {
  const at = messages.findIndex(({ cursor }) => cursor === position) + 1;
  const kinds = [
    (reply) => reply.cut(),
    problem(503, { name: "unavailable", headers: [["Retry-After", "0"]] }),
    (reply) => reply.reset(),
    problem(500, { name: "internal" }),
  ] as const satisfies ReturnType<typeof part>[];
  if (number % 2 === 0 && number <= 8) return kinds[(number / 2) % kinds.length];
  if (way !== "sse" || at >= messages.length) return undefined;
  return part(way, messages.slice(at, at + 3), position ?? BEGINNING);
}
