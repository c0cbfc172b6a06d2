import { answerLike, atUrl, byFetch, byOptions, type ClientMutant, fieldsWith, reading } from "./mutant.ts";

/** Clients that reconnect wrongly after a failure, a refusal or a stranger's answer. */
export const failureMutants: readonly ClientMutant[] = [
  {
    id: "no-cursor-on-reconnect",
    title: "never sends its position",
    breaks: [
      "CORE-CURSOR-6",
      "CORE-CURSOR-7",
      "POLL-CLIENT-1",
      "SSE-CLIENT-2",
      "SSE-CLIENT-3",
      "SSE-CLIENT-4",
      "SSE-CLIENT-6",
      "SSE-CLIENT-7",
      "SSE-CLIENT-9",
      "SSE-CLIENT-12",
      "CORE-CLAIM-5",
      "CLI-PLACE-2",
      "CLI-PLACE-3",
      "CLI-ORDER-1",
      "CLI-COMMIT-1",
      "CLI-COMMIT-2",
      "CLI-RETRY-1",
      "CLI-END-1",
      "CLI-LADDER-1",
      "CLI-LADDER-3",
    ],
    make: reading(
      byFetch(
        (send) => (input, init) =>
          send(
            atUrl(input, (url) => url.searchParams.delete("after")),
            init,
          ),
      ),
    ),
  },
  {
    id: "first-cursor-always",
    title: "always resumes from the first cursor that it received",
    breaks: [
      "CORE-CURSOR-6",
      "CORE-CURSOR-7",
      "POLL-CLIENT-1",
      "CLI-ORDER-1",
      "CLI-LADDER-1",
      "CLI-LADDER-3",
      "CLI-LADDER-5",
    ],
    make: reading(
      byFetch((send) => {
        let first: string | undefined;
        return (input, init) =>
          send(
            atUrl(input, (url) => {
              const after = url.searchParams.get("after") ?? "start";
              if (after !== "start") first ??= after;
              if (first !== undefined) url.searchParams.set("after", first);
            }),
            init,
          );
      }),
    ),
  },
  {
    id: "cursor-as-number",
    title: "parses cursors that look like numbers as numbers",
    breaks: ["CORE-CURSOR-6", "CORE-CURSOR-7"],
    make: reading(
      byFetch((send) => (input, init) => {
        const url = atUrl(input, ({ searchParams }) => {
          const after = searchParams.get("after") ?? "";
          if (after !== "" && !Number.isNaN(Number(after))) searchParams.set("after", String(Number(after)));
        });
        return send(url, init);
      }),
    ),
  },
  {
    id: "redirect-drops-the-cursor",
    title: "follows a redirect but drops its query",
    breaks: ["CLI-RETRY-1"],
    make: reading(
      byFetch((send) => async (input, init) => {
        const response = await send(input, { ...init, redirect: "manual" });
        const location = response.headers.get("location");
        if (response.status !== 307 || location === null) return response;
        return send(
          atUrl(location, (url) => url.searchParams.delete("after")),
          init,
        );
      }),
    ),
  },
  {
    id: "retries-after-204",
    title: "treats a 204 as a failure",
    breaks: ["CLI-END-1"],
    make: reading(
      byFetch((send) => async (input, init) => {
        const response = await send(input, init);
        if (response.status === 204) throw new TypeError("no content");
        return response;
      }),
    ),
  },
  {
    id: "gives-up-at-503",
    title: "gives up on a 503",
    breaks: ["CLI-RETRY-1", "CLI-RETRY-7"],
    make: reading(
      byFetch((send) => async (input, init) => {
        const response = await send(input, init);
        return response.status === 503 && response.headers.has("tidemark")
          ? answerLike(response, { status: 403 })
          : response;
      }),
    ),
  },
  {
    id: "finds-gaps-by-type-alone",
    title: "treats any answer of type gap as a gap, regardless of its status",
    breaks: ["CORE-PROBLEM-3"],
    make: reading(
      byFetch((send) => async (input, init) => {
        const response = await send(input, init);
        const isGap = response.status === 503 && (await response.clone().text()).includes("/problems/gap");
        return isGap ? answerLike(response, { status: 410 }) : response;
      }),
    ),
  },
  {
    id: "stops-at-a-portal",
    title: "treats a stranger's refusal as the server's",
    breaks: ["CLI-RETRY-4"],
    make: reading(
      byFetch((send) => async (input, init) => {
        const response = await send(input, init);
        if (response.status < 400 || response.headers.has("tidemark")) return response;
        return answerLike(response, { headers: fieldsWith(response, "tidemark", "v=1") });
      }),
    ),
  },
  {
    id: "retry-after-ignored",
    title: "ignores Retry-After",
    breaks: ["CLI-RETRY-3"],
    make: reading(
      byFetch((send) => async (input, init) => {
        const response = await send(input, init);
        return answerLike(response, { headers: fieldsWith(response, "retry-after", undefined) });
      }),
    ),
  },
  {
    id: "no-backoff",
    title: "retries at once, however often it has failed",
    breaks: ["CLI-RETRY-2", "LP-CLIENT-3"],
    make: byOptions(() => ({ retryDelayMs: () => 1 })),
  },
  {
    id: "no-jitter",
    title: "waits exactly as long as every other client",
    breaks: ["CLI-RETRY-2"],
    make: byOptions(() => ({ retryDelayMs: (failures) => Math.min(1_500, 20 * 2 ** (failures - 1)) })),
  },
];
