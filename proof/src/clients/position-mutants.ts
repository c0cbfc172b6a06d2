import { publish, subscribe } from "@tidemark/client";
import {
  answerLike,
  atUrl,
  bodyWith,
  byFetch,
  byMechanism,
  type ClientMutant,
  only,
  reading,
} from "./mutant.ts";

const POSITION = "after";

/** Clients that read a stream's bytes right, and keep the wrong position. */
export const positionMutants: readonly ClientMutant[] = [
  {
    id: "right-only-once",
    title: "says where it reads on after the first connection, and after no other",
    breaks: [
      ...["CORE-CURSOR-6", "CORE-CURSOR-7", "SSE-CLIENT-9", "SSE-CLIENT-11"],
      ...["CLI-ORDER-1", "CLI-RETRY-1", "CLI-RETRY-4", "CLI-RETRY-6", "CLI-RETRY-7"],
    ],
    make: only(
      "sse",
      byFetch((send) => {
        let times = 0;
        return (input, init) => {
          const url = atUrl(input, ({ searchParams }) => {
            if ((searchParams.get(POSITION) ?? "start") === "start") return;
            times += 1;
            if (times > 1) searchParams.delete(POSITION);
          });
          return send(url, init);
        };
      }),
    ),
  },
  {
    id: "no-id-clears-the-position",
    title: "forgets its position at an event without an id",
    breaks: ["SSE-CLIENT-2", "SSE-CLIENT-4"],
    make: only(
      "sse",
      byBlocks((blocks) => (/^id/m.test(blocks.at(-2) ?? "id") ? undefined : "")),
    ),
  },
  {
    id: "partial-id-kept",
    title: "keeps the id of an event that was cut",
    breaks: ["SSE-CLIENT-3", "CLI-ORDER-1"],
    make: only(
      "sse",
      byBlocks((blocks) => /^id: ?(.*)[\r\n]/m.exec(blocks.at(-1) ?? "")?.[1]),
    ),
  },
  {
    id: "broken-messages-are-final",
    title: "ends at a message that is no JSON",
    breaks: ["SSE-CLIENT-11"],
    make: byMechanism(
      ({ open }) =>
        async function* (connection) {
          try {
            return yield* open(connection);
          } catch (error) {
            const isNoJson = error instanceof Error && error.cause instanceof SyntaxError;
            throw isNoJson ? new TypeError("a message that is no JSON") : error;
          }
        },
    ),
  },
  {
    id: "commits-at-the-end",
    title: "commits the message at hand when it is left, be it that its handler threw",
    breaks: ["CLI-COMMIT-1", "CLI-COMMIT-2"],
    make: {
      publish,
      subscribe: <T>(...asked: Parameters<typeof subscribe>) => {
        const inner = subscribe<T>(...asked);
        const end = inner.return.bind(inner);
        const commitAndEnd = async (): Promise<IteratorReturnResult<undefined>> => {
          await inner.commit();
          return end();
        };
        return Object.assign(inner, { return: commitAndEnd });
      },
    },
  },
];

/** A client whose position after a stream depends on the blocks that it got; undefined: as it should. The last is unfinished. */
function byBlocks(positionAfter: (blocks: readonly string[]) => string | undefined): ClientMutant["make"] {
  return reading(
    byFetch((send) => {
      let text = "";
      return async (input, init) => {
        const position = positionAfter(text.split(/\r\n\r\n|\n\n|\r\r/));
        const url = atUrl(input, ({ searchParams }) => {
          if (position === "") searchParams.delete(POSITION);
          else if (position !== undefined) searchParams.set(POSITION, position);
        });
        text = "";
        const response = await send(url, init);
        const keep = (chunk: string): string => {
          text += chunk;
          return chunk;
        };
        return answerLike(response, { body: bodyWith(response, keep) });
      };
    }),
  );
}
