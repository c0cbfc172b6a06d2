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

/** An impatient client asks a second time after this. */
const IMPATIENT_MS = 700;

/** More than what is due at once may take. */
const LATE_MS = 3_500;

const never = (): Promise<void> => new Promise(() => undefined);

/** Without anything to look whether it is dead. */
const unwatched = byOptions(() => ({
  delay: (ms, signal, purpose) => (purpose === "watchdog" ? never() : delay(ms, signal)),
}));

/** Clients that wait wrongly while a request is held, or for more than one. */
export const heldMutants: readonly ClientMutant[] = [
  {
    id: "dead-stream-never-noticed",
    title: "waits for ever on a stream that has died",
    breaks: ["SSE-CLIENT-7"],
    make: only("sse", unwatched),
  },
  {
    id: "dead-poll-never-noticed",
    title: "waits for ever on a long poll that has died",
    breaks: ["LP-CLIENT-5"],
    slow: true,
    make: only("long-polling", unwatched),
  },
  {
    id: "overlapping-polls",
    title: "asks a second time while a long poll is held, and hands on what both bring",
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
          second?.catch(() => undefined); // what becomes of it is seen below, if the first brought something
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
    title: "takes a rest after a long poll that brought nothing",
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
    title: "goes down when streams end as they should",
    breaks: ["CLI-LADDER-3"],
    make: only("auto", reading(byFetch((send) => async (input, init) => broken(await send(input, init))))),
  },
  {
    id: "abandoned-stream-is-read-on",
    title: "hands on what a stream says after it was given up",
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

/** The same stream, with an error instead of its end. */
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
