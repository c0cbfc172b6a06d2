import { connect, delay } from "@tidemark/client-core/kit";
import {
  answerLike,
  byFetch,
  byMechanism,
  byOptions,
  type ClientMutant,
  fieldsWith,
  only,
  reading,
} from "./mutant.ts";

/** When the impatient client sends a second request, in milliseconds. */
const IMPATIENT_MS = 700;

/** Later than any answer that the test accepts as immediate. */
const LATE_MS = 3_500;

const never = (): Promise<void> => new Promise(() => undefined);

/** A client that never checks whether a connection is dead. */
const unwatched = byOptions(() => ({
  delay: (ms, signal, purpose) => (purpose === "watchdog" ? never() : delay(ms, signal)),
}));

/** Clients that handle held requests wrongly. */
export const heldMutants: readonly ClientMutant[] = [
  {
    id: "dead-stream-never-noticed",
    title: "waits forever on a dead stream",
    breaks: ["SSE-CLIENT-7"],
    make: only("sse", unwatched),
  },
  {
    id: "dead-poll-never-noticed",
    title: "waits forever on a dead long poll",
    breaks: ["LP-CLIENT-5"],
    slow: true,
    make: only("long-polling", unwatched),
  },
  {
    id: "overlapping-polls",
    title: "sends a second long poll while one is held, and delivers what both return",
    breaks: ["LP-CLIENT-1", "CLI-ORDER-1"],
    make: byMechanism(
      ({ name, open }) =>
        async function* (connection) {
          const inner = open(connection);
          if (name !== "long-polling") return yield* inner;
          const first = inner.next();
          const held = delay(IMPATIENT_MS, new AbortController().signal).then(() => "held");
          const isHeld = (await Promise.race([first.catch(() => "failed"), held])) === "held";
          const second = isHeld ? open(connect(connection.session)).next() : undefined;
          second?.catch(() => undefined); // awaited below, if the first brought messages
          const step = await first;
          if (step.done) return step.value;
          yield step.value;
          const again = await second;
          if (again?.done === false && step.value.messages.length > 0) yield again.value;
          return yield* inner;
        },
    ),
  },
  {
    id: "rests-after-a-wait-in-vain",
    title: "pauses after a long poll that returned nothing",
    breaks: ["LP-CLIENT-2"],
    make: byMechanism(
      ({ name, open }) =>
        async function* (connection) {
          let brought = 0;
          const inner = open(connection);
          for (let step = await inner.next(); ; step = await inner.next()) {
            if (step.done) {
              const isVain = name === "long-polling" && brought === 0;
              return isVain ? Math.max(LATE_MS, step.value ?? 0) : step.value;
            }
            brought += step.value.messages.length;
            yield step.value;
          }
        },
    ),
  },
  {
    id: "clean-ends-count-as-cuts",
    title: "falls back when streams end cleanly",
    breaks: ["CLI-LADDER-3"],
    make: only("auto", reading(byFetch((send) => async (input, init) => broken(await send(input, init))))),
  },
  {
    id: "abandoned-stream-is-read-on",
    title: "delivers messages of a stream that it has given up",
    breaks: ["CLI-ORDER-2"],
    make: only(
      "sse",
      reading(
        byFetch((send) => {
          let current: Controller | undefined;
          let newest = 0;
          return async (input, { signal: _, ...init } = {}) => {
            const response = await send(input, init);
            if (!isStream(response) || response.body === null) return response;
            newest += 1;
            const [own, chunks] = [newest, response.body];
            const start = (controller: Controller): void => {
              current = controller;
            };
            const body = new ReadableStream<Uint8Array>({ start });
            const pump = async (): Promise<void> => {
              for await (const chunk of chunks) current?.enqueue(chunk);
              if (own === newest) current?.close();
            };
            pump().catch((error: unknown) => own === newest && current?.error(error));
            return answerLike(response, { body });
          };
        }),
      ),
    ),
  },
];

type Controller = ReadableStreamDefaultController<Uint8Array>;

function isStream(response: Response): boolean {
  return response.headers.get("content-type")?.startsWith("text/event-stream") === true;
}

/** The same stream, but it fails instead of ending. */
function broken(response: Response): Response {
  if (!isStream(response) || response.body === null) return response;
  const end = new TransformStream<Uint8Array, Uint8Array>({
    flush: (controller) => controller.error(new TypeError("it ended")),
  });
  return answerLike(response, {
    body: response.body.pipeThrough(end),
    headers: fieldsWith(response, "content-length", undefined),
  });
}
