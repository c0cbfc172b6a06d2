import { matches, same } from "../../../engine/model/claim.ts";
import type { ClientTestDefinition } from "../../tidemark/client/client-definition.ts";
import { plain, redirect } from "../answers.ts";
import { defineTest, delivered, events, follow, needRequest, untilDelivered } from "../following.ts";

const one = plain("id: 1\ndata: one\n\n");

/** Requests that get an answer, a second one after it, and so on. */
const REQUESTS = 3;

/** What a client asks for. */
export const requestTests: readonly ClientTestDefinition[] = [
  defineTest({
    id: "requests/accept",
    title: "The client asks for an event stream",
    requirements: ["EC-ASK-1"],
    async run(t) {
      const followed = follow(t, [one]);
      for (let number = 1; number <= 2; number += 1) {
        const request = await needRequest(t, followed, number);
        const accept = matches(
          "Accept",
          request.header("accept"),
          /text\/event-stream/i,
          "text/event-stream",
        );
        t.check("EC-ASK-1", accept, request);
      }
    },
  }),
  ...[301, 302, 303, 307, 308].map((status) =>
    defineTest({
      id: `requests/redirect-${status}`,
      title: `The client follows a ${status}, and reads the stream of its target`,
      requirements: ["EC-ASK-2"],
      async run(t) {
        const target = t.channel({ script: () => one });
        const followed = follow(t, [redirect(status, target.url)]);
        const first = await needRequest(t, followed, 1);
        await untilDelivered(t, followed, 1);
        t.check(
          "EC-ASK-2",
          delivered(`after a ${status}`, followed.reading, events([[undefined, "one"]])),
          first,
        );
      },
    }),
  ),
  defineTest({
    id: "requests/own-headers",
    title: "The client sends the header fields of its application with every request",
    requirements: ["EC-ASK-3"],
    needs: ["headers"],
    async run(t) {
      const followed = follow(t, [one, one], { headers: { "X-Suite": "a b", Authorization: "Bearer abc" } });
      for (let number = 1; number <= REQUESTS; number += 1) {
        const request = await needRequest(t, followed, number);
        t.check("EC-ASK-3", same(`X-Suite of request ${number}`, request.header("x-suite"), "a b"), request);
        const token = request.header("authorization");
        t.check("EC-ASK-3", same(`Authorization of request ${number}`, token, "Bearer abc"), request);
      }
    },
  }),
  defineTest({
    id: "requests/own-body",
    title: "The client sends method and body of its application with every request",
    requirements: ["EC-ASK-4"],
    needs: ["post"],
    async run(t) {
      const body = '{"question":"wü?"}';
      const followed = follow(t, [one, one], { body });
      for (let number = 1; number <= REQUESTS; number += 1) {
        const request = await needRequest(t, followed, number);
        t.check("EC-ASK-4", same(`method of request ${number}`, request.method, "POST"), request);
        const sent = new TextDecoder().decode(request.body);
        t.check("EC-ASK-4", same(`body of request ${number}`, sent, body), request);
      }
    },
  }),
];
