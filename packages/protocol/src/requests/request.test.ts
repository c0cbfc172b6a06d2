import { test } from "uvu";
import * as assert from "uvu/assert";
import { vectors } from "../../scripts/vectors.ts";
import { isCursor } from "../pages/cursor.ts";
import { ProtocolError } from "../problem.ts";
import { parseReadRequest } from "./request.ts";

interface ParameterVector {
  readonly query: string;
  readonly offers: readonly string[];
  readonly max: { readonly wait: number; readonly limit: number };
  readonly expect?: {
    readonly after?: string;
    readonly limit?: number;
    readonly wait?: number;
    readonly gap?: string;
    readonly stream?: boolean;
    readonly event?: readonly string[];
  };
  readonly problem?: { readonly type: string; readonly parameter: string };
}

for (const { id, query, offers, max, expect, problem } of vectors<ParameterVector>("parameters")) {
  const read = () => parseReadRequest(new URLSearchParams(query), {}, { event: offers.includes("event") });
  test(id, () => {
    if (problem !== undefined) {
      const { type, parameter } = problem;
      assert.throws(read, (error: unknown) => {
        return error instanceof ProtocolError && error.code === type && error.members.parameter === parameter;
      });
      return;
    }
    const { after, waitS, limit, gap, sse, events } = read();
    for (const exact of [waitS ?? 0, limit ?? 0]) assert.ok(Number.isSafeInteger(exact));
    assert.is(after, expect?.after);
    const maxWait = offers.includes("long-poll") ? max.wait : 0;
    assert.is(waitS && Math.min(waitS, maxWait), expect?.wait);
    assert.is(limit && Math.min(limit, max.limit), expect?.limit);
    assert.is(gap, expect?.gap);
    assert.is(sse, expect?.stream ?? false);
    assert.equal(events, expect?.event);
  });
}

interface ChoiceVector {
  readonly accept: string | null;
  readonly stream: boolean;
  readonly wait: boolean;
  readonly offers: readonly string[];
  readonly mechanism: string | null;
}

for (const { id, accept, stream, wait, offers, mechanism } of vectors<ChoiceVector>("choice")) {
  test(id, () => {
    const query = new URLSearchParams({ ...(stream ? { stream: "1" } : {}), ...(wait ? { wait: "1" } : {}) });
    const { sse, acceptsJson } = parseReadRequest(query, { accept: accept ?? undefined }, { event: false });
    if (offers.includes("sse")) assert.is(sse, mechanism === "sse");
    else assert.is(sse && !acceptsJson, mechanism === null);
  });
}

interface ResumeVector {
  readonly query: string;
  readonly lastEventId: string | null;
  readonly begin: "position" | "gap" | "invalid-parameter";
  readonly position?: string;
}

for (const { id, query, lastEventId, begin, position } of vectors<ResumeVector>("last-event-id")) {
  const read = () => {
    const headers = lastEventId === null ? {} : { lastEventId };
    return parseReadRequest(new URLSearchParams(query), headers, { event: false });
  };
  test(id, () => {
    if (begin === "invalid-parameter") {
      assert.throws(read, (error: unknown) => error instanceof ProtocolError && error.code === begin);
      return;
    }
    const request = read();
    assert.is(request.lastEventId !== undefined && !isCursor(request.lastEventId), begin === "gap");
    if (begin === "position") assert.is(request.lastEventId ?? request.after ?? "start", position);
  });
}

/**
 * The parameter replaces an absent field: query, field, and the id to resume from. Spec: sse, SSE-RESUME-5.
 */
const PARAMETERS: readonly (readonly [string, string | undefined, string | undefined])[] = [
  ["stream=1&lastEventId=e.2", undefined, "e.2"],
  ["stream=1&lastEventId=e.2", "", "e.2"],
  ["stream=1&lastEventId=e.2", "e.3", "e.3"],
  ["stream=1&lastEventId=e.2&after=e.1", undefined, "e.2"],
  ["stream=1&lastEventId=", undefined, undefined],
  ["stream=1&lastEventId=start", undefined, "start"],
  ["stream=1&lastEventId=e.1&lastEventId=e.2", undefined, "e.1, e.2"],
  ["lastEventId=e.2", undefined, undefined],
];

for (const [query, lastEventId, expected] of PARAMETERS)
  test(`${query} with the field ${lastEventId} resumes from ${expected}`, () => {
    const request = parseReadRequest(new URLSearchParams(query), { lastEventId }, { event: false });
    assert.is(request.lastEventId, expected);
  });

test.run();
