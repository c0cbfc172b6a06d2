import { answerLike, byFetch, type ClientMutant, except, fieldsWith, reading } from "./mutant.ts";

/** The JSON of an answer that is to be read again. */
async function jsonOf(response: Response): Promise<{ readonly [name: string]: unknown }> {
  const text = await response.clone().text();
  const isJson = response.headers.get("content-type")?.includes("json");
  return isJson && text !== "" ? Object(JSON.parse(text)) : {};
}

/** A client that takes one status of a Tidemark server for another. */
function taking(statuses: readonly number[], instead: number): ClientMutant["make"] {
  return reading(
    byFetch((send) => async (input, init) => {
      const response = await send(input, init);
      const isMeant = statuses.includes(response.status) && response.headers.has("tidemark");
      return isMeant ? answerLike(response, { status: instead }) : response;
    }),
  );
}

/** Clients that misread what a server claims, or how it refuses. */
export const refusalMutants: readonly ClientMutant[] = [
  {
    id: "unknown-claims-refused",
    title: "takes a `Tidemark` with a key that it does not know for none",
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
    title: "believes what begins like a `Tidemark`, though it is no dictionary",
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
    title: "takes the member `code` of a problem for its status",
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
    title: "takes a gap whose reason it does not know for a failure",
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
    title: "tries again after a refusal that is final",
    breaks: ["CLI-RETRY-5"],
    make: taking([400, 403, 404, 405], 503),
  },
  {
    id: "401-is-a-failure",
    title: "tries again and again with credentials that were refused",
    breaks: ["CLI-RETRY-6"],
    make: taking([401], 503),
  },
  {
    id: "406-is-a-failure",
    title: "asks again and again for the one mechanism that it has, and that was refused",
    breaks: ["CLI-RETRY-8"],
    make: except("auto", taking([406], 503)),
  },
  {
    id: "no-page-is-final",
    title: "ends at a page that it cannot read",
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
    title: "hands a page on again that was not modified",
    breaks: ["POLL-CLIENT-4"],
    make: reading(
      byFetch((send) => {
        let kept: { readonly tag: string; readonly text: string } | undefined;
        return async (input, init) => {
          const headers = new Headers(init?.headers);
          if (kept) headers.set("if-none-match", kept.tag);
          const response = await send(input, { ...init, headers });
          const tag = response.headers.get("etag");
          if (response.status === 304 && kept)
            return new Response(kept.text, {
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
    title: "waits for the interval though there is more",
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
