import { answered, refused } from "../../../read/problem.ts";
import { served } from "../../../read/served.ts";
import type { Need, TestDefinition } from "../../definition.ts";
import { ask } from "./ask.ts";

/** Query texts with a malformed value, by parameter; they are sent unchanged. */
const MALFORMED: Readonly<Record<string, readonly string[]>> = {
  after: [
    "after=",
    "after=latest",
    "after=Start%20",
    "after=A%0A1",
    "after=A%0D%0A1",
    "after=A%2F1",
    "after=%C3%BC1",
    `after=${"A".repeat(1025)}`,
  ],
  limit: [
    "limit=",
    "limit=0",
    "limit=000",
    "limit=-1",
    "limit=%2B5",
    "limit=1e1",
    "limit=1.5",
    "limit=ten",
    "limit=0x10",
  ],
  wait: ["wait=", "wait=-1", "wait=%2B5", "wait=1e1", "wait=1.5", "wait=soon"],
  gap: ["gap=", "gap=now", "gap=START", "gap=1"],
  stream: ["stream=", "stream=0", "stream=2", "stream=true"],
  event: [
    "event=",
    "event=,",
    "event=a,",
    "event=,a",
    "event=a,,b",
    "event=%24open",
    "event=a%20b",
    "event=error",
    `event=${"a".repeat(65)}`,
    `event=${Array.from({ length: 33 }, (_, i) => `e${i}`).join(",")}`,
  ],
};

/** A valid value of each parameter, for the control and for repetition. */
const GOOD: Readonly<Record<string, string>> = {
  after: "after=end",
  limit: "limit=1",
  wait: "wait=0",
  gap: "gap=end",
  stream: "stream=1",
  event: "event=a",
};

function needsOf(parameter: string): Need[] {
  return parameter === "event" ? ["event"] : [];
}

function malformed(parameter: string): TestDefinition {
  return {
    id: `server/core/malformed-${parameter}-is-refused`,
    title: `A malformed or empty ${parameter} is refused with invalid-parameter`,
    requirements: ["CORE-PARAM-3"],
    needs: needsOf(parameter),
    async run(t) {
      const channel = t.channel();
      t.control(served(`the answer to ${GOOD[parameter]}`, await ask(t, channel, GOOD[parameter] ?? "")));
      for (const query of MALFORMED[parameter] ?? []) {
        const name = query.length > 60 ? `${query.slice(0, 30)}… (${query.length} characters)` : query;
        const exchange = await ask(t, channel, query);
        t.check("CORE-PARAM-3", refused(`the answer to ?${name}`, exchange, "invalid-parameter"));
      }
      const head = await ask(t, channel, MALFORMED[parameter]?.[1] ?? "", "HEAD");
      t.check("CORE-PARAM-3", answered(`the answer to HEAD with ?${MALFORMED[parameter]?.[1]}`, head, 400));
    },
  };
}

function repeated(parameter: string): TestDefinition {
  return {
    id: `server/core/repeated-${parameter}-is-refused`,
    title: `A repeated ${parameter} is refused with invalid-parameter, even with the same value`,
    requirements: ["CORE-PARAM-4"],
    needs: needsOf(parameter),
    async run(t) {
      const channel = t.channel();
      const good = GOOD[parameter] ?? "";
      t.control(served(`the answer to ${good}`, await ask(t, channel, good)));
      for (const query of [`${good}&${good}`, `${good}&other=1&${good.replace("=", "=0")}`]) {
        const exchange = await ask(t, channel, query);
        t.check("CORE-PARAM-4", refused(`the answer to ?${query}`, exchange, "invalid-parameter"));
      }
    },
  };
}

/** Malformed and repeated parameters, one test for each parameter. */
export const parameterFormTests: readonly TestDefinition[] = [
  ...Object.keys(MALFORMED).map(malformed),
  ...Object.keys(GOOD).map(repeated),
];
