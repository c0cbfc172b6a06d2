import { claim, same } from "../../../engine/model/claim.ts";
import type { Answer } from "../../tidemark/client/answers.ts";
import type { ClientContext } from "../../tidemark/client/client-context.ts";
import type { ClientTestDefinition } from "../../tidemark/client/client-definition.ts";
import { closed, plain } from "../answers.ts";
import { defineTest, type Followed, follow, lastIdOf, needRequest, nthRequest } from "../following.ts";

/** A stream, and the last event id that the next request has to send. */
interface IdCase {
  readonly id: string;
  readonly title: string;
  readonly requirement: string;
  readonly stream: string;
  readonly ending?: "clean" | "cut";
  readonly lastId: string;
}

const CASES: readonly IdCase[] = [
  {
    id: "after-the-end",
    title: "After the end of a stream the client sends the id of the last event",
    requirement: "EC-RESUME-1",
    stream: "id: 1\ndata: one\n\nid: 2\ndata: two\n\n",
    lastId: "2",
  },
  {
    id: "after-a-cut",
    title: "After a cut the client sends the id of the last event",
    requirement: "EC-RESUME-1",
    stream: "id: 1\ndata: one\n\nid: 2\ndata: two\n\n",
    ending: "cut",
    lastId: "2",
  },
  {
    id: "events-without-id",
    title: "An event without id leaves the last event id as it is",
    requirement: "EC-RESUME-1",
    stream: "id: 1\ndata: one\n\ndata: two\n\n",
    lastId: "1",
  },
  {
    id: "none-was-sent",
    title: "Without any id the client sends no Last-Event-ID",
    requirement: "EC-RESUME-2",
    stream: "data: one\n\n",
    lastId: "",
  },
  {
    id: "an-empty-id",
    title: "An empty id resets the last event id",
    requirement: "EC-RESUME-2",
    stream: "id: 1\ndata: one\n\nid:\ndata: two\n\n",
    lastId: "",
  },
  {
    id: "an-id-without-colon",
    title: "An id field without colon resets the last event id",
    requirement: "EC-RESUME-2",
    stream: "id: 1\ndata: one\n\nid\ndata: two\n\n",
    lastId: "",
  },
  {
    id: "an-id-without-data",
    title: "The id of a block without data counts",
    requirement: "EC-RESUME-3",
    stream: "id: 1\ndata: one\n\nid: 2\n\n",
    lastId: "2",
  },
  {
    id: "an-unfinished-block",
    title: "The id of a block that the end of the stream left unfinished does not count",
    requirement: "EC-RESUME-3",
    stream: "id: 1\ndata: one\n\nid: 2\ndata: two\n",
    lastId: "1",
  },
  {
    id: "an-id-with-nul",
    title: "An id with U+0000 is ignored",
    requirement: "EC-RESUME-4",
    stream: "id: 1\ndata: one\nid: 2\0\n\n",
    lastId: "1",
  },
  {
    id: "a-long-id",
    title: "An id of 1024 characters comes back unchanged",
    requirement: "EC-RESUME-5",
    stream: `id: ${"a/b=c;d ".repeat(127)}12345678\ndata: one\n\n`,
    lastId: `${"a/b=c;d ".repeat(127)}12345678`,
  },
  {
    id: "beyond-ascii",
    title: "An id comes back in UTF-8",
    requirement: "EC-RESUME-5",
    stream: "id: ü€😀\ndata: one\n\n",
    lastId: "ü€😀",
  },
];

/** The client makes no other request: this stream is the reason if it comes back after another one. */
async function staysAway(
  t: ClientContext,
  requirement: string,
  { channel, reading }: Followed,
): Promise<void> {
  const control = follow(t, [plain("id: 1\ndata: one\n\n")]);
  await needRequest(t, control, 2);
  const found = claim(
    false,
    "after the end of this stream the client",
    "makes another request",
    reading.ending,
  );
  t.check(requirement, { ...found, timed: !reading.hasEnded }, channel.requests[0]);
}

/** Which last event id a client sends. */
export const resumingTests: readonly ClientTestDefinition[] = [
  ...CASES.map(({ id, title, requirement, stream, ending, lastId }) =>
    defineTest({
      id: `resuming/${id}`,
      title,
      requirements: [requirement],
      async run(t) {
        const first: Answer = plain(stream, { ending: ending ?? "clean" });
        const followed = follow(t, [first]);
        const next = await nthRequest(t, followed, 2);
        if (next === undefined) await staysAway(t, requirement, followed);
        else t.check(requirement, same("Last-Event-ID of the second request", lastIdOf(next), lastId), next);
      },
    }),
  ),
  defineTest({
    id: "resuming/first-request",
    title: "The first request of a client that starts at the beginning has no last event id",
    requirements: ["EC-RESUME-2"],
    async run(t) {
      const followed = follow(t, [plain("id: 1\ndata: one\n\n")]);
      const first = await needRequest(t, followed, 1);
      const next = await needRequest(t, followed, 2);
      t.control(same("Last-Event-ID of the second request", lastIdOf(next), "1"));
      t.check("EC-RESUME-2", same("Last-Event-ID of the first request", lastIdOf(first), ""), first);
    },
  }),
  defineTest({
    id: "resuming/across-failures",
    title: "The client keeps the last event id across failures and streams without ids",
    requirements: ["EC-RESUME-1"],
    async run(t) {
      const answers = [plain("id: 1\ndata: one\n\n"), closed, plain("data: two\n\n"), plain(":\n\n")];
      const followed = follow(t, answers);
      for (let number = 2; number <= answers.length + 1; number += 1) {
        const next = await needRequest(t, followed, number);
        t.check("EC-RESUME-1", same(`Last-Event-ID of request ${number}`, lastIdOf(next), "1"), next);
      }
    },
  }),
];
