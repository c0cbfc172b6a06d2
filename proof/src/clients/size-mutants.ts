import { answerLike, byFetch, type ClientMutant, type Make, only, reading } from "./mutant.ts";

/** A limit that looks large enough but is not. */
const LIMIT_BYTES = 16 * 1024 * 1024;

/** A client that gives up on an answer with more bytes than that. */
const bounded: Make = reading(
  byFetch((send) => async (input, init) => {
    const response = await send(input, init);
    if (response.body === null) return response;
    let bytes = 0;
    const count = new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        bytes += chunk.length;
        if (bytes > LIMIT_BYTES) throw new RangeError("too large");
        controller.enqueue(chunk);
      },
    });
    return answerLike(response, { body: response.body.pipeThrough(count) });
  }),
);

/** Clients that accept large messages by some mechanisms and not by others. */
export const sizeMutants: readonly ClientMutant[] = [
  {
    id: "large-messages-not-by-polling",
    title: "gives up on a page of more than 16 MiB",
    breaks: ["CLI-SIZE-1"],
    make: only("polling", bounded),
  },
  {
    id: "large-messages-not-by-sse",
    title: "gives up on a stream of more than 16 MiB",
    breaks: ["CLI-SIZE-1"],
    make: only("sse", bounded),
  },
];
