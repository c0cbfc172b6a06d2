import { claim, same } from "../../../../engine/model/claim.ts";
import { foreign, page, problem, stream, unavailable } from "../answers.ts";
import { messageBlocks, openBlock } from "../block-text.ts";
import type { ClientTestDefinition } from "../client-definition.ts";
import { BEGINNING } from "../scripted-channel.ts";
import { numbered, type ScriptedMessage } from "../scripted-log.ts";
import {
  controlRetry,
  eachWay,
  endsWithError,
  meet,
  nthRequest,
  part,
  received,
  recoverAll,
  recovers,
  untilHanded,
  untilOver,
} from "./following.ts";
import { needsEnd, needsRecovery } from "./preconditions.ts";

/** Cursors that look like numbers, dates or words, but are opaque. */
const ODD_CURSORS = ["9007199254740993", "010", "9", "1e3", "-0", "0x1F", "A.~_-", "2026-01-01", "NaN"];

/** A cursor of the greatest length allowed. */
const LONG_CURSOR = `${"Long-cursor.1~_".repeat(68)}LAST`;

/** A `Tidemark` field that a later version could send. */
const RICH_CLAIMS =
  'v=1;since="2026", mechanisms=(poll;q=0.5 warp "string" long-poll sse;a=?0), max-wait=60, heartbeat=15, publish, key-ttl=60, moon=?0, list=(1 2.5 "x"), bin=:AAEC:, text="v=2, v=3", *star=a/b';

/** Values of the wrong type or out of range: each counts as absent. */
const ODD_CLAIMS =
  'v=1, mechanisms=poll, max-wait="60", max-limit=?1, heartbeat=-5, key-ttl=1.5, publish=1, event="yes"';

/** Fields that are not a valid Dictionary. */
const NO_DICTIONARIES = [
  "v=1,",
  "v=1, =2",
  "v=1 mechanisms=(poll)",
  "v=1, Mechanisms=(poll)",
  "v=1, x=(1 2",
  'v=1, x="a',
];

/** Rules of every mechanism: cursors, claims, unknown members. */
export const channelTests: readonly ClientTestDefinition[] = [
  ...eachWay((way) => ({
    id: `client/${way}/cursors-are-opaque`,
    title: "The client sends a cursor back unchanged, whatever it looks like and however long it is",
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
    title: "The client ignores unknown keys, tokens and parameters in Tidemark",
    requirements: ["CORE-CLAIM-5"],
    needs: [way],
    async run(t) {
      const messages = numbered(3);
      const channel = t.channel({ messages: messages.slice(0, 2), style: { claims: RICH_CLAIMS } });
      const reading = t.open(channel, way);
      await untilHanded(t, reading, 2);
      channel.append(...messages.slice(2));
      channel.close();
      await untilHanded(t, reading, messages.length);
      received(t, "CORE-CLAIM-5", reading, messages);
      t.check("CORE-CLAIM-5", claim(!reading.failure, "the client", "has no error", reading.ending));
      await needsEnd(t, way, "a 403", problem(403, { name: "forbidden" }));
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
    title:
      "The client ignores Tidemark values of the wrong type or out of range, and a Tidemark that is not a Dictionary",
    requirements: ["CORE-CLAIM-6"],
    needs: [way],
    async run(t) {
      const messages = numbered(2);
      const reading = t.open(t.channel({ messages, closed: true, style: { claims: ODD_CLAIMS } }), way);
      await untilHanded(t, reading, messages.length);
      received(t, "CORE-CLAIM-6", reading, messages);
      await needsRecovery(t, way, "a 403 without Tidemark", foreign(403));
      const strangers = NO_DICTIONARIES.map((claims) => ({
        name: `403 with Tidemark: ${claims}`,
        faulty: meet(t, way, problem(403, { name: "forbidden", claims })),
      }));
      await recoverAll(t, "CORE-CLAIM-6", strangers);
    },
  })),
  ...eachWay((way) => ({
    id: `client/${way}/tells-problems-apart-by-type`,
    title: "The client tells problems apart by type, and by status if the type is unknown",
    requirements: ["CORE-PROBLEM-3"],
    needs: [way],
    async run(t) {
      await needsEnd(t, way, "a 400", problem(400, { name: "invalid-parameter" }));
      const retryMs = await controlRetry(t, way);
      const members = { reason: "unknown", requested: "x", start: "G-1", end: "G-9", detail: "gap" };
      const odd = problem(400, { name: "https://elsewhere.example/gap", title: "gap", members });
      const faulty = meet(t, way, odd, 9);
      await endsWithError(t, "CORE-PROBLEM-3", "400 of an unknown type", faulty, retryMs);
      t.check("CORE-PROBLEM-3", same("gaps reported", faulty.reading.gaps.length, 0));
      await needsRecovery(t, way, "a 503", unavailable);
      const busy = problem(503, {
        name: "https://elsewhere.example/forbidden",
        title: "forbidden",
        headers: [["Retry-After", "0"]],
      });
      await recovers(t, "CORE-PROBLEM-3", "503 of an unknown type", meet(t, way, busy));
      const misplaced = problem(503, { name: "gap", members, headers: [["Retry-After", "0"]] });
      await recovers(t, "CORE-PROBLEM-3", "503 with the type of another status", meet(t, way, misplaced));
    },
  })),
  ...eachWay((way) => ({
    id: `client/${way}/ignores-unknown-members`,
    title: "The client ignores unknown members",
    requirements: ["CORE-UNKNOWN-1"],
    needs: [way],
    async run(t) {
      const messages = numbered(2);
      const extra = { news: [1], messages2: [{ cursor: "X" }], Closed: true, error: "no" };
      const first =
        way === "sse"
          ? stream(openBlock(BEGINNING, { more: extra }) + messageBlocks(messages))
          : page({ messages, cursor: "M-2", more: true, extra });
      const channel = t.channel({
        messages,
        closed: true,
        script: (_, number) => (number === 1 ? first : undefined),
      });
      const reading = t.open(channel, way);
      await untilOver(t, reading);
      received(t, "CORE-UNKNOWN-1", reading, messages);
      await needsEnd(t, way, "a 404", problem(404, { name: "no-such-channel" }));
      const retryMs = await controlRetry(t, way);
      const refusal = problem(404, {
        name: "no-such-channel",
        members: { ...extra, retry: true, code: 503 },
      });
      await endsWithError(t, "CORE-UNKNOWN-1", "404 with unknown members", meet(t, way, refusal, 9), retryMs);
    },
  })),
];
