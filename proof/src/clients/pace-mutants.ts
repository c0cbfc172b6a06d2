import { publish } from "@tidemark/client";
import { delay, fullJitter } from "@tidemark/client-core/kit";
import { answerLike, bodyWith, byFetch, byOptions, type ClientMutant, type Make, only } from "./mutant.ts";

/** A wait up to this, in milliseconds, is the client's own minimum and not the server's `retry`. */
const OWN_PACE_MS = 250;

/** A client that reconnects as soon as the server allows, even if it received nothing new. */
const asFastAsAsked = byOptions(() => ({
  delay: (ms, signal, purpose) => delay(purpose === "poll" && ms <= OWN_PACE_MS ? 1 : ms, signal),
}));

/** A client that resets its count of failures when `isProof` is true of an answer so far, whatever follows. */
function forgets(isProof: (text: string, isEnd: boolean) => boolean): Make {
  return {
    publish,
    subscribe: (url, options) => forgetting({ forgotten: 0, isDue: false }, isProof).subscribe(url, options),
  };
}

interface Memory {
  /** Failures before the last proof. */
  forgotten: number;
  isDue: boolean;
}

function forgetting(memory: Memory, isProof: (text: string, isEnd: boolean) => boolean): Make {
  const seen = byFetch((send) => async (input, init) => {
    const response = await send(input, init);
    // Other answers with a body, such as a 503, prove nothing.
    if (!response.headers.get("content-type")?.startsWith("text/event-stream")) return response;
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

/** Clients that reconnect too soon. */
export const paceMutants: readonly ClientMutant[] = [
  {
    id: "polls-as-fast-as-asked",
    title: "polls without a pause when pages bring nothing and have retry: 0",
    breaks: ["CLI-PACE-1"],
    make: only("polling", asFastAsAsked),
  },
  {
    id: "long-polls-as-fast-as-asked",
    title: "long-polls without a pause when pages bring nothing and have retry: 0",
    breaks: ["CLI-PACE-1"],
    make: only("long-polling", asFastAsAsked),
  },
  {
    id: "streams-as-fast-as-asked",
    title: "opens streams without a pause when they bring nothing and have retry: 0",
    breaks: ["CLI-PACE-1"],
    make: only("sse", asFastAsAsked),
  },
  {
    id: "first-block-is-a-proof",
    title: "resets its backoff at the first block of a stream",
    // Answers from elsewhere have such blocks too.
    breaks: ["CLI-PLACE-2", "CLI-PLACE-3", "CLI-RETRY-9"],
    make: only(
      "sse",
      forgets((text) => text.includes("$open")),
    ),
  },
  {
    id: "clean-end-is-a-proof",
    title: "resets its backoff at the clean end of a stream",
    breaks: ["CLI-RETRY-9"],
    make: only(
      "sse",
      forgets((_, isEnd) => isEnd),
    ),
  },
  {
    id: "bookmark-is-a-proof",
    title: "resets its backoff at the second block of a stream, even if it is a bookmark",
    // Answers from elsewhere have such blocks too.
    breaks: ["CLI-PLACE-2", "CLI-PLACE-3", "CLI-RETRY-9"],
    make: only(
      "sse",
      forgets((text) => text.split("\n\n").length > 2),
    ),
  },
];
