import { publish, subscribe } from "@tidemark/client";
import { isCursor } from "@tidemark/protocol";
import { fetch } from "@tidemark/std";
import {
  answerLike,
  atUrl,
  bodyWith,
  byFetch,
  byMechanism,
  type ClientMutant,
  type Make,
  only,
  reading,
} from "./mutant.ts";

const POSITION = "after";

/** A client that, when a stream is over, moves its position to the id of the block that was left unfinished. */
const keepsPartialIds: Make = {
  publish,
  subscribe: (url, options = {}) => {
    let text = "";
    const keep = (chunk: string): string => {
      text += chunk;
      return chunk;
    };
    const watched: typeof fetch = async (input, init) => {
      text = "";
      const response = await fetch(input, init);
      return answerLike(response, { body: bodyWith(response, keep) });
    };
    const { subscribe } = byMechanism(
      ({ open }) =>
        async function* (connection) {
          let failure: unknown;
          try {
            yield* open(connection);
          } catch (error) {
            failure = error;
          }
          const [, cursor = ""] = /^id: ?(.*)[\r\n]/m.exec(blocksOf(text).at(-1) ?? "") ?? [];
          if (isCursor(cursor)) yield { messages: [], cursor };
          if (failure !== undefined) throw failure;
          return undefined;
        },
    );
    return subscribe(url, { ...options, fetch: watched });
  },
};

/** Clients that decode a stream correctly but keep the wrong position. */
export const positionMutants: readonly ClientMutant[] = [
  {
    id: "right-only-once",
    title: "sends its position on the first reconnect, but on no later one",
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
    title: "forgets its position after an event without an id",
    breaks: ["SSE-CLIENT-2", "SSE-CLIENT-4"],
    make: only(
      "sse",
      byBlocks((blocks) => (/^id/m.test(blocks.at(-2) ?? "id") ? undefined : "")),
    ),
  },
  {
    id: "partial-id-kept",
    title: "keeps the id of an unfinished event",
    breaks: ["SSE-CLIENT-3", "CLI-ORDER-1"],
    make: only("sse", keepsPartialIds),
  },
  {
    id: "broken-messages-are-final",
    title: "gives up on a message that is not valid JSON",
    breaks: ["SSE-CLIENT-11"],
    make: byMechanism(
      ({ open }) =>
        async function* (connection) {
          try {
            return yield* open(connection);
          } catch (error) {
            const isNoJson = error instanceof Error && error.cause instanceof SyntaxError;
            throw isNoJson ? new TypeError("the message is not valid JSON") : error;
          }
        },
    ),
  },
  {
    id: "commits-at-the-end",
    title: "commits the current message when the loop is left, even if its handler threw",
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

/** The blocks of a stream; the last one is unfinished, and often empty. */
function blocksOf(text: string): string[] {
  return text.split(/\r\n\r\n|\n\n|\r\r/);
}

/** A client whose position after a stream comes from its blocks, the last of them unfinished; `undefined` is ours. */
function byBlocks(positionAfter: (blocks: readonly string[]) => string | undefined): ClientMutant["make"] {
  return reading(
    byFetch((send) => {
      let text = "";
      return async (input, init) => {
        const position = positionAfter(blocksOf(text));
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
