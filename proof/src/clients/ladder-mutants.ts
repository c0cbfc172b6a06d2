import { answerLike, byFetch, type ClientMutant, fieldsWith, type Make, only, reading } from "./mutant.ts";

const HEARTBEAT = "event: $heartbeat\ndata: {}\n\n";

/** How often a client that considers everything alive invents a sign of life, in milliseconds. */
const OFTEN_MS = 500;

/** The text that a mutant adds to a stream. */
interface Added {
  /** Added after each chunk; receives the text so far. */
  readonly after?: (text: string) => string;
  /** Added again and again while nothing arrives between two blocks. */
  readonly meanwhile?: string;
  /** Added at the end; receives the whole text. */
  readonly last?: (text: string) => string;
}

/** A client that adds text to each stream for which `isDue` is true; `wasBelow`: another mechanism came before. */
function adding({ after, meanwhile, last }: Added, isDue: (wasBelow: boolean) => boolean = () => true): Make {
  return reading(
    byFetch((send) => {
      let wasBelow = false;
      return async (input, init) => {
        const response = await send(input, init);
        const isStream = response.headers.get("content-type")?.startsWith("text/event-stream") === true;
        if (response.ok && !isStream) wasBelow = true;
        if (!isStream || response.body === null || !isDue(wasBelow)) return response;
        let text = "";
        let timer: NodeJS.Timeout | undefined;
        const more = new TransformStream<Uint8Array, Uint8Array>({
          start(controller) {
            if (meanwhile === undefined) return;
            timer = setInterval(() => {
              if (text.endsWith("\n\n")) controller.enqueue(Buffer.from(meanwhile));
            }, OFTEN_MS).unref();
          },
          transform(chunk, controller) {
            text += Buffer.from(chunk).toString("latin1");
            controller.enqueue(chunk);
            const rest = after?.(text) ?? "";
            if (rest !== "") controller.enqueue(Buffer.from(rest));
          },
          flush(controller) {
            clearInterval(timer);
            const rest = last?.(text) ?? "";
            if (rest !== "") controller.enqueue(Buffer.from(rest));
          },
        });
        const stop = (): void => clearInterval(timer);
        init?.signal?.addEventListener("abort", stop, { once: true });
        const body = response.body.pipeThrough(more);
        return answerLike(response, { body, headers: fieldsWith(response, "content-length", undefined) });
      };
    }),
  );
}

const isFirstBlock = (text: string): boolean =>
  text.includes("$open") && text.indexOf("\n\n") === text.length - 2;

/** Clients that stay with streams that bring nothing, or return to them. */
export const ladderMutants: readonly ClientMutant[] = [
  {
    id: "empty-streams-are-refusals",
    title: "treats a stream that is empty or has only comments as a refusal, and never falls back",
    breaks: ["CLI-LADDER-2"],
    make: only("auto", adding({ last: (text) => (/^\w/m.test(text) ? "" : "retry: 10\n\n") })),
  },
  {
    id: "held-streams-are-live",
    title: "considers a stream alive that stops after its first block",
    breaks: ["CLI-LADDER-2"],
    make: only(
      "auto",
      adding({ meanwhile: HEARTBEAT }, (wasBelow) => !wasBelow),
    ),
  },
  {
    id: "first-block-is-a-way-up",
    title: "returns to SSE as soon as a stream has sent its first block",
    breaks: ["CLI-LADDER-5"],
    make: only(
      "auto",
      adding({ after: (text) => (isFirstBlock(text) ? HEARTBEAT : "") }, (wasBelow) => wasBelow),
    ),
  },
];
