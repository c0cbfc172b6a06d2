import {
  answerLike,
  bodyWith,
  byFetch,
  byOptions,
  type ClientMutant,
  type Make,
  only,
  reading,
} from "./mutant.ts";

/** A client that gives up on a request which is not complete this long after its wait, even if bytes keep arriving. */
function impatient(graceMs: number): Make {
  return reading(
    byFetch((send) => (input, init = {}) => {
      const waitMs = Number(new URL(String(input)).searchParams.get("wait") ?? 0) * 1_000;
      // Not `AbortSignal.timeout`: in `AbortSignal.any`, Node 20 collects it as garbage before its time comes.
      const late = new AbortController();
      setTimeout(() => late.abort(new Error("not complete in time")), waitMs + graceMs).unref();
      const signal = init.signal ? AbortSignal.any([init.signal, late.signal]) : late.signal;
      return send(input, { ...init, signal });
    }),
  );
}

/** How long each mechanism of an impatient client waits from its start to the head of the answer, in milliseconds. */
const HEAD_LIMITS_MS: Readonly<Record<string, number>> = {
  sse: 10_000,
  "long-polling": 16_000,
  polling: 30_000,
};

/** A client whose limit for the server also runs while its own application supplies the headers. */
const countsOwnTime: Make = byOptions((options) => {
  const { headers, mechanism = "auto" } = options;
  if (typeof headers !== "function") return options;
  const limitMs = HEAD_LIMITS_MS[mechanism] ?? 10_000;
  return {
    ...options,
    headers: async (request) => {
      const { promise, reject } = withReject();
      const timer = setTimeout(() => reject(new Error("no answer in time")), limitMs);
      return Promise.race([headers(request), promise]).finally(() => clearTimeout(timer));
    },
  };
});

function withReject(): { readonly promise: Promise<never>; readonly reject: (error: Error) => void } {
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<never>((_, fail) => {
    reject = fail;
  });
  return { promise, reject };
}

/** A client that considers a stream dead if no event was complete for two heartbeats. */
const countsEvents: Make = reading(
  byFetch((send) => async (input, init) => {
    const response = await send(input, init);
    let heartbeatS = 15;
    let aliveAt = performance.now();
    const look = (text: string): string => {
      heartbeatS = Number(/"heartbeat":(\d+)/.exec(text)?.[1] ?? heartbeatS);
      const now = performance.now();
      if (!text.includes("\n\n") && now - aliveAt > 2_000 * heartbeatS) throw new Error("no event");
      if (text.includes("\n\n")) aliveAt = now;
      return text;
    };
    return answerLike(response, { body: bodyWith(response, look) });
  }),
);

/** A client that counts a comment between two blocks as a sign of life. */
const believesComments: Make = reading(
  byFetch((send) => async (input, init) => {
    const response = await send(input, init);
    let isBetween = false;
    const look = (text: string): string => {
      const isComment = isBetween && text === ":\n";
      isBetween = isComment || text.endsWith("\n\n");
      return isComment ? "event: $alive\ndata: {}\n\n" : text;
    };
    return answerLike(response, { body: bodyWith(response, look) });
  }),
);

/** A client that counts a comment inside a block as a sign of life. */
const believesInnerComments: Make = reading(
  byFetch((send) => async (input, init) => {
    const response = await send(input, init);
    let isInside = false;
    const look = (text: string): string => {
      const isComment = isInside && text === ":\n";
      isInside = isComment || /\ndata: \[1,\n$/.test(text);
      return isComment ? "data: \n" : text;
    };
    return answerLike(response, { body: bodyWith(response, look) });
  }),
);

/** Clients whose timers measure something other than silence. */
export const progressMutants: readonly ClientMutant[] = [
  {
    id: "slow-message-is-death",
    title: "considers a stream dead while a large message arrives slowly",
    breaks: ["CLI-PROGRESS-1"],
    make: only("sse", countsEvents),
  },
  {
    id: "slow-message-takes-auto-down",
    title: "considers a stream dead while a large message arrives slowly, when it chooses the mechanism",
    breaks: ["CLI-PROGRESS-1"],
    make: only("auto", countsEvents),
  },
  {
    id: "slow-page-is-death",
    title: "gives up on a page that is not complete within 15 s",
    breaks: ["CLI-PROGRESS-1"],
    slow: true,
    make: only("polling", impatient(15_000)),
  },
  {
    id: "slow-long-poll-is-death",
    title: "gives up on a long poll that is not complete 15 s after its wait",
    breaks: ["CLI-PROGRESS-1"],
    slow: true,
    make: only("long-polling", impatient(15_000)),
  },
  {
    id: "page-is-due-in-30-s",
    title: "gives up on a page that is not complete within 30 s",
    breaks: ["CLI-PROGRESS-1"],
    slow: true,
    make: only("polling", impatient(30_000)),
  },
  {
    id: "long-poll-is-due-in-30-s",
    title: "gives up on a long poll that is not complete 30 s after its wait",
    breaks: ["CLI-PROGRESS-1"],
    slow: true,
    make: only("long-polling", impatient(30_000)),
  },
  {
    id: "stream-is-due-in-30-s",
    title: "leaves each stream after 30 s, even inside a message",
    breaks: ["CLI-PROGRESS-1"],
    slow: true,
    make: only("sse", impatient(30_000)),
  },
  {
    id: "own-time-is-silence",
    title: "counts the time in which its application supplies headers as silence of the server",
    breaks: ["CLI-PROGRESS-2"],
    slow: true,
    make: countsOwnTime,
  },
  {
    id: "comments-are-life",
    title: "considers a stream alive that carries only comments",
    breaks: ["SSE-CLIENT-7"],
    make: only("sse", believesComments),
  },
  {
    id: "comments-in-a-block-are-life",
    title: "counts comments inside a stalled block as a sign of life",
    breaks: ["SSE-CLIENT-7"],
    make: only("sse", believesInnerComments),
  },
];
