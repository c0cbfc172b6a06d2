import { claim } from "../../../../engine/model/claim.ts";
import { problem } from "../answers.ts";
import type { ClientTestDefinition } from "../client-definition.ts";
import { controlRetry, eachWay, endsWithError, meet, recoverAll, recovers } from "./following.ts";

/** Statuses that end a client if the answer has `Tidemark`, with the problem of each. */
const TERMINAL: Readonly<Record<number, string>> = {
  400: "invalid-parameter",
  403: "forbidden",
  404: "no-such-channel",
  405: "method-not-allowed",
};

/** Statuses after which a client must retry, with the problem of each. */
const PASSING: Readonly<Record<number, string>> = {
  429: "too-many-requests",
  500: "internal",
  502: "about:blank",
  503: "unavailable",
  507: "storage-full",
  599: "about:blank",
};

/** Which refusals end a client, and which do not. */
export const refusalTests: readonly ClientTestDefinition[] = [
  ...eachWay((way) => ({
    id: `client/${way}/ends-on-terminal-refusals`,
    title: "400, 403, 404 and 405 of a Tidemark server end the client with an error",
    requirements: ["CLI-RETRY-5"],
    needs: [way],
    async run(t) {
      const retryMs = await controlRetry(t, way);
      const refusals = Object.entries(TERMINAL).map(([status, name]) => ({
        name: `${status} ${name}`,
        faulty: meet(t, way, problem(Number(status), { name }), 9),
      }));
      await Promise.all(
        refusals.map(({ name, faulty }) => endsWithError(t, "CLI-RETRY-5", name, faulty, retryMs)),
      );
    },
  })),
  ...eachWay((way) => ({
    id: `client/${way}/ends-on-401`,
    title: "A 401 ends the client with an error, after at most one retry",
    requirements: ["CLI-RETRY-6"],
    needs: [way],
    async run(t) {
      const retryMs = await controlRetry(t, way);
      const refusal = problem(401, { name: "unauthorized", headers: [["WWW-Authenticate", "Bearer"]] });
      const faulty = meet(t, way, refusal, 9);
      await t.until(() => faulty.reading.hasEnded || faulty.channel.requests.length > 3);
      const tries = Math.min(3, Math.max(2, faulty.channel.requests.length));
      await endsWithError(t, "CLI-RETRY-6", "401", faulty, retryMs, tries);
    },
  })),
  ...eachWay((way) => ({
    id: `client/${way}/asks-once-for-new-credentials`,
    title: "The client retries once with new credentials, and ends with an error if these are refused too",
    requirements: ["CLI-RETRY-6"],
    needs: [way, "credentials"],
    async run(t) {
      const retryMs = await controlRetry(t, way);
      const refusal = problem(401, { name: "unauthorized", headers: [["WWW-Authenticate", "Bearer"]] });
      const credentials = ["Bearer one", "Bearer two", "Bearer three", "Bearer four"];
      await recovers(
        t,
        "CLI-RETRY-6",
        "a 401 that new credentials resolve",
        meet(t, way, refusal, 1, { credentials }),
      );
      const faulty = meet(t, way, refusal, 9, { credentials });
      await endsWithError(t, "CLI-RETRY-6", "401 twice", faulty, retryMs, 3);
      const sent = faulty.channel.requests.map((request) => request.header("authorization"));
      t.check(
        "CLI-RETRY-6",
        claim(sent[1] === "Bearer one" && sent[2] === "Bearer two", "credentials", "new ones", sent),
      );
    },
  })),
  ...eachWay((way) => ({
    id: `client/${way}/goes-on-after-429-and-5xx`,
    title: "429 and 5xx never end the client",
    requirements: ["CLI-RETRY-7"],
    needs: [way],
    async run(t) {
      const refusals = Object.entries(PASSING).map(([status, name]) => ({
        name: `${status} ${name}`,
        faulty: meet(t, way, problem(Number(status), { name }), 1),
      }));
      await recoverAll(t, "CLI-RETRY-7", refusals);
    },
  })),
  ...eachWay((way) => ({
    id: `client/${way}/ends-on-406`,
    title: "A 406 ends the client with an error if it has no other mechanism",
    requirements: ["CLI-RETRY-8"],
    needs: [way],
    async run(t) {
      const retryMs = await controlRetry(t, way);
      await endsWithError(
        t,
        "CLI-RETRY-8",
        "406",
        meet(t, way, problem(406, { name: "not-acceptable" }), 9),
        retryMs,
      );
    },
  })),
];
