import { publish } from "@tidemark/client";
import { delay, fullJitter } from "@tidemark/client-core/kit";
import { answerLike, bodyWith, byFetch, byOptions, type ClientMutant, type Make, only } from "./mutant.ts";

/** A wait up to this is the client's own pace, and no wish of a server. */
const OWN_PACE_MS = 250;

/** A client that comes again as soon as the server says, whether it got something new or not. */
const asFastAsAsked = byOptions(() => ({
  delay: (ms, signal, purpose) => delay(purpose === "poll" && ms <= OWN_PACE_MS ? 1 : ms, signal),
}));

/** A client whose succession of failures ends when this is found in the answer, whatever comes then. */
function forgets(isProof: (text: string, isEnd: boolean) => boolean): Make {
  return {
    publish,
    subscribe: (url, options) => forgetting({ forgotten: 0, isDue: false }, isProof).subscribe(url, options),
  };
}

interface Memory {
  /** Failures before the proof that was found last. */
  forgotten: number;
  isDue: boolean;
}

function forgetting(memory: Memory, isProof: (text: string, isEnd: boolean) => boolean): Make {
  const seen = byFetch((send) => async (input, init) => {
    const response = await send(input, init);
    let all = "";
    const look = (text: string): string => {
      all += text;
      memory.isDue ||= isProof(all, false);
      return text;
    };
    const body = bodyWith(response, look)?.pipeThrough(
      new TransformStream<Uint8Array, Uint8Array>({
        flush() {
          memory.isDue ||= isProof(all, true);
        },
      }),
    );
    return body ? answerLike(response, { body }) : response;
  });
  return {
    ...seen,
    subscribe: (url, options = {}) => {
      const { retryDelayMs = fullJitter } = options;
      const quick = (failures: number): number => {
        if (memory.isDue) memory.forgotten = failures - 1;
        memory.isDue = false;
        return retryDelayMs(failures - memory.forgotten);
      };
      return seen.subscribe(url, { ...options, retryDelayMs: quick });
    },
  };
}

/** Clients that come again too soon. */
export const paceMutants: readonly ClientMutant[] = [
  {
    id: "polls-as-fast-as-asked",
    title: "polls without a rest where pages bring nothing and have retry: 0",
    breaks: ["CLI-PACE-1"],
    make: only("polling", asFastAsAsked),
  },
  {
    id: "long-polls-as-fast-as-asked",
    title: "long-polls without a rest where pages bring nothing and have retry: 0",
    breaks: ["CLI-PACE-1"],
    make: only("long-polling", asFastAsAsked),
  },
  {
    id: "streams-as-fast-as-asked",
    title: "opens streams without a rest where they bring nothing and have retry: 0",
    breaks: ["CLI-PACE-1"],
    make: only("sse", asFastAsAsked),
  },
  {
    id: "first-block-is-a-proof",
    title: "takes a stream that says where it begins for one that works",
    breaks: ["CLI-RETRY-9"],
    make: only(
      "sse",
      forgets((text) => text.includes("$open")),
    ),
  },
  {
    id: "clean-end-is-a-proof",
    title: "takes a stream that ends as it should for one that worked",
    breaks: ["CLI-RETRY-9"],
    make: only(
      "sse",
      forgets((_, isEnd) => isEnd),
    ),
  },
  {
    id: "bookmark-is-a-proof",
    title: "takes two blocks for two events",
    breaks: ["CLI-RETRY-9"],
    make: only(
      "sse",
      forgets((text) => text.split("\n\n").length > 2),
    ),
  },
];
