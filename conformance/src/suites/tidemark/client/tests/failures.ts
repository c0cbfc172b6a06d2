import { claim, notBefore, same } from "../../../../engine/model/claim.ts";
import { type Answer, foreign, page, problem, tidemarkHeaders, unavailable } from "../answers.ts";
import type { ClientTestDefinition } from "../client-definition.ts";
import { numbered } from "../scripted-log.ts";
import { DOUBLING, DOUBLING_LIMIT_MS, doublingClaim, jitterClaim } from "./backoff.ts";
import {
  cutAnswer,
  eachWay,
  meet,
  nthRequest,
  part,
  positionOf,
  received,
  recoverAll,
  recovers,
  untilHanded,
  type Way,
} from "./following.ts";

/** `Tidemark` fields without `v=1`; undefined: no such field. */
const FOREIGN_FIELDS: readonly (string | undefined)[] = [
  undefined,
  "v=2",
  "v=1.0",
  'v="1"',
  "mechanisms=(poll)",
];

/** How a client retries after a failure, and which answers it trusts. */
export const failureTests: readonly ClientTestDefinition[] = [
  ...eachWay((way) => ({
    id: `client/${way}/tries-again-from-received`,
    title: "After a network failure the client retries from the last position that it received",
    requirements: ["CLI-RETRY-1"],
    needs: [way],
    async run(t) {
      const faults = Object.entries(networkFaults(way)).map(([name, fault]) => ({
        name,
        faulty: meet(t, way, fault),
      }));
      await recoverAll(t, "CLI-RETRY-1", faults);
    },
  })),
  ...eachWay((way) => ({
    id: `client/${way}/redirect-keeps-the-position`,
    title: "The client keeps its position across a redirect that keeps the query",
    requirements: ["CLI-RETRY-1"],
    needs: [way],
    async run(t) {
      const messages = numbered(4);
      const first = messages.slice(0, 2);
      const target = t.channel({ messages, closed: true });
      const channel = t.channel({
        messages,
        script: ({ target: asked }, number) => {
          if (number === 1) return part(way, first);
          const location = `${target.url}${new URL(asked, target.url).search}`;
          return (reply) => reply.whole(307, [...tidemarkHeaders(), ["Location", location]]);
        },
      });
      const reading = t.open(channel, way);
      const there = await nthRequest(t, target, 1, reading);
      t.check(
        "CLI-RETRY-1",
        positionOf("the request to the target of the redirect", there, first.at(-1)?.cursor, reading),
        there,
      );
      await untilHanded(t, reading, messages.length);
      received(t, "CLI-RETRY-1", reading, messages);
    },
  })),
  ...eachWay((way) => ({
    id: `client/${way}/backs-off`,
    title: "After failures in succession the client waits random times below a bound that doubles",
    requirements: ["CLI-RETRY-2"],
    needs: [way],
    waitsMs: 6_000,
    async run(t) {
      const options = { reconnectMs: DOUBLING.firstBoundMs };
      const clients = Array.from({ length: DOUBLING.clients }, () =>
        meet(t, way, unavailable, DOUBLING.failures, { options }),
      );
      for (const { channel, reading } of clients)
        await nthRequest(t, channel, DOUBLING.failures + 2, reading, DOUBLING_LIMIT_MS);
      const failed = clients.map(({ channel }) => channel.requests.slice(1, DOUBLING.failures + 2));
      for (const requests of failed)
        t.need(same("requests after the first failure", requests.length - 1, DOUBLING.failures));
      t.check("CLI-RETRY-2", doublingClaim("a 503", failed), failed[0]?.at(-1));
      t.check("CLI-RETRY-2", jitterClaim(failed));
    },
  })),
  ...eachWay((way) => ({
    id: `client/${way}/honours-retry-after`,
    title: "The client waits at least the seconds of Retry-After",
    requirements: ["CLI-RETRY-3"],
    needs: [way],
    waitsMs: 1_000,
    async run(t) {
      const headers = [["Retry-After", "1"]] as const;
      const refusals = [
        problem(429, { name: "too-many-requests", headers }),
        problem(503, { name: "unavailable", headers }),
      ];
      const faulty = [...refusals, foreign(503, [["Retry-After", "1"]])].map((fault) => meet(t, way, fault));
      for (const { channel, reading } of faulty) {
        const again = await nthRequest(t, channel, 3, reading);
        const refused = channel.requests[1];
        t.need(claim(again !== undefined, "after a 503 the client", "tries again", reading.ending));
        if (again && refused)
          t.check("CLI-RETRY-3", notBefore("the next request", refused.spanTo(again), 990), again);
      }
    },
  })),
  ...eachWay((way) => ({
    id: `client/${way}/does-not-believe-strangers`,
    title: "The client treats an answer without Tidemark v=1 as a network failure, whatever its status",
    requirements: ["CLI-RETRY-4"],
    needs: [way],
    async run(t) {
      const statuses = [400, 401, 403, 404, 405, 406, 410, 204, 200];
      const portals = statuses.map((status) => ({
        name: `a ${status} without Tidemark`,
        faulty: meet(t, way, foreign(status)),
      }));
      const versions = FOREIGN_FIELDS.map((field) => {
        const headers = field === undefined ? [] : ([["Tidemark", field]] as const);
        return {
          name: `403 with Tidemark: ${field ?? "(none)"}`,
          faulty: meet(t, way, foreign(403, headers)),
        };
      });
      await recoverAll(t, "CLI-RETRY-4", [...portals, ...versions]);
    },
  })),
  ...eachWay((way) => ({
    id: `client/${way}/hands-on-nothing-of-a-stranger`,
    title: "The client delivers no message from a page or stream without Tidemark v=1",
    requirements: ["CLI-RETRY-4"],
    needs: [way],
    async run(t) {
      const stranger = part(way, numbered(2, "LIE", 90), null);
      await recovers(t, "CLI-RETRY-4", "an answer without Tidemark", meet(t, way, stranger));
    },
  })),
  {
    id: "client/poll/what-is-no-page-is-a-failure",
    title: "The client treats a 200 whose body is not a page as a network failure",
    requirements: ["POLL-CLIENT-5"],
    needs: ["poll"],
    async run(t) {
      const bodies = [
        "",
        "<h1>Portal</h1>",
        "{}",
        "[]",
        "null",
        '{"messages":[],"more":false}',
        '{"messages":{},"cursor":"X1","more":false}',
      ];
      const lies = [
        '{"messages":[{"cursor":"M-9","data":9}],"cursor":"latest","more":true}',
        '{"messages":[{"cursor":"M-9","data":9}],"cur',
      ];
      const faulty = [...bodies, ...lies].map((body) => ({
        name: `the body ${JSON.stringify(body)}`,
        faulty: meet(t, "poll", (reply) =>
          reply.whole(200, [...tidemarkHeaders(), ["Content-Type", "application/json"]], body),
        ),
      }));
      await recoverAll(t, "POLL-CLIENT-5", faulty);
    },
  },
  {
    id: "client/poll/page-after-a-failure-counts",
    title: "A page without messages moves the client's position, as one with messages does",
    requirements: ["POLL-CLIENT-1"],
    needs: ["poll"],
    async run(t) {
      const messages = numbered(3);
      const cursors = ["A-empty", messages[0]?.cursor ?? "", "B-empty"];
      const answers = [
        page({ cursor: "A-empty", more: true }),
        page({ messages: messages.slice(0, 1), cursor: cursors[1] ?? "", more: true }),
        page({ cursor: "B-empty", retry: 10 }),
        page({ messages: messages.slice(1), cursor: "C-end", closed: true }),
      ];
      const channel = t.channel({ script: (_, number) => answers[number - 1] });
      const reading = t.open(channel, "poll");
      await untilHanded(t, reading, messages.length);
      const asked = channel.requests.slice(1, 4).map(({ position }) => position);
      t.need(claim(asked.length > 0, "requests", "more than one", channel.requests.length));
      for (const [index, position] of asked.entries())
        t.check(
          "POLL-CLIENT-1",
          same(`position of request ${index + 2}`, position, cursors[index]),
          channel.requests[index + 1],
        );
      received(t, "POLL-CLIENT-1", reading, messages);
    },
  },
];

/** Network failures, by name. */
function networkFaults(way: Way): Readonly<Record<string, Answer>> {
  return {
    "a connection that was closed without an answer": (reply) => reply.cut(),
    "a reset connection": (reply) => reply.reset(),
    "an answer that was cut": cutAnswer(way),
    "a 503": unavailable,
  };
}
