import { markAll, markOf, unmarked } from "./marks.ts";
import { answerLike, byFetch, type ClientMutant, except, fieldsWith, reading } from "./mutant.ts";

/** The JSON of an answer, which can still be read afterwards. */
async function jsonOf(response: Response): Promise<{ readonly [name: string]: unknown }> {
  const text = await response.clone().text();
  const isJson = response.headers.get("content-type")?.includes("json");
  return isJson && text !== "" ? Object(JSON.parse(text)) : {};
}

/** A client that reads these statuses of a Tidemark server as another. */
function taking(statuses: readonly number[], instead: number): ClientMutant["make"] {
  return reading(
    byFetch((send) => async (input, init) => {
      const response = await send(input, init);
      const isMeant = statuses.includes(response.status) && response.headers.has("tidemark");
      return isMeant ? answerLike(response, { status: instead }) : response;
    }),
  );
}

/** Clients that misread the claims or the refusals of a server. */
export const refusalMutants: readonly ClientMutant[] = [
  {
    id: "unknown-claims-refused",
    title: "treats a `Tidemark` with an unknown key as missing",
    breaks: ["CORE-CLAIM-5"],
    make: reading(
      byFetch((send) => async (input, init) => {
        const response = await send(input, init);
        const isKnown = !response.headers.get("tidemark")?.includes("moon");
        return isKnown
          ? response
          : answerLike(response, { headers: fieldsWith(response, "tidemark", undefined) });
      }),
    ),
  },
  {
    id: "claims-by-their-beginning",
    title: "accepts an invalid `Tidemark` because it starts like a valid one",
    breaks: ["CORE-CLAIM-6"],
    make: reading(
      byFetch((send) => async (input, init) => {
        const response = await send(input, init);
        return response.status >= 400 && /^v=1\b(?!\.)/.test(response.headers.get("tidemark") ?? "")
          ? answerLike(response, { headers: fieldsWith(response, "tidemark", "v=1") })
          : response;
      }),
    ),
  },
  {
    id: "unknown-members-believed",
    title: "uses the member `code` of a problem as its status",
    breaks: ["CORE-UNKNOWN-1"],
    make: reading(
      byFetch((send) => async (input, init) => {
        const response = await send(input, init);
        if (response.status < 400) return response;
        const { code } = await jsonOf(response);
        return typeof code === "number" ? answerLike(response, { status: code }) : response;
      }),
    ),
  },
  {
    id: "gaps-by-their-reason",
    title: "treats a gap with an unknown reason as a failure",
    breaks: ["CORE-GAP-8", "CLI-GAP-1", "CLI-GAP-2"],
    make: reading(
      byFetch((send) => async (input, init) => {
        const response = await send(input, init);
        if (response.status !== 410 || !response.headers.has("tidemark")) return response;
        const { reason } = await jsonOf(response);
        return reason === "solar-flare" ? answerLike(response, { status: 503 }) : response;
      }),
    ),
  },
  {
    id: "refusals-are-failures",
    title: "retries after a refusal that is final",
    breaks: ["CLI-RETRY-5"],
    make: taking([400, 403, 404, 405], 503),
  },
  {
    id: "401-is-a-failure",
    title: "keeps retrying with credentials that were refused",
    breaks: ["CLI-RETRY-6"],
    make: taking([401], 503),
  },
  {
    id: "406-is-a-failure",
    title: "keeps requesting its only mechanism after the server refused that mechanism",
    breaks: ["CLI-RETRY-8"],
    make: except("auto", taking([406], 503)),
  },
  {
    id: "no-page-is-final",
    title: "gives up on a page that it cannot parse",
    breaks: ["POLL-CLIENT-5"],
    make: reading(
      byFetch((send) => async (input, init) => {
        const response = await send(input, init);
        const isOurs = response.status === 200 && response.headers.has("tidemark");
        if (!isOurs || response.headers.get("content-type") !== "application/json") return response;
        try {
          const { messages, cursor } = await jsonOf(response);
          if (Array.isArray(messages) && cursor !== undefined) return response;
        } catch (error) {
          if (!(error instanceof SyntaxError)) throw error;
        }
        return answerLike(response, { status: 400 });
      }),
    ),
  },
  {
    id: "304-brings-it-again",
    title: "delivers a page again after a 304",
    breaks: ["POLL-CLIENT-4"],
    make: reading(
      byFetch((send) => {
        let kept: { readonly tag: string; readonly text: string } | undefined;
        let answers = 0;
        return async (input, init) => {
          const headers = new Headers(init?.headers);
          if (kept) headers.set("if-none-match", kept.tag);
          const response = await send(unmarked(input), { ...init, headers });
          const tag = response.headers.get("etag");
          answers += 1;
          // With new cursors, because the client does not deliver a page that it recognizes (CLI-PLACE-2).
          if (response.status === 304 && kept)
            return new Response(markAll(kept.text, markOf(answers)), {
              headers: { tidemark: "v=1", "content-type": "application/json" },
            });
          if (response.ok && tag !== null) kept = { tag, text: await response.clone().text() };
          return response;
        };
      }),
    ),
  },
  {
    id: "more-waits-for-retry",
    title: "waits for the poll interval although there is more",
    breaks: ["POLL-CLIENT-2"],
    make: reading(
      byFetch((send) => async (input, init) => {
        const response = await send(input, init);
        if (!response.ok || response.headers.get("content-type") !== "application/json") return response;
        const page = await response.clone().text();
        if (!/"more":true.*"retry":\d/.test(page)) return response;
        const body = new Response(page.replace('"more":true', '"more":false')).body;
        return answerLike(response, { body });
      }),
    ),
  },
];
