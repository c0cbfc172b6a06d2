import { type Behavior, chunk, PLAIN, type Visit } from "../behavior.ts";
import type { StreamMutant } from "../subject.ts";

const DONE = { data: "[DONE]" } as const;
const STOP = { data: chunk({}, "stop") } as const;

/** A run or a model that fails in its middle. */
function fails(kind: "run" | "model", how: (visit: Visit) => void): Partial<Behavior> {
  return { length: 5, last: () => [], finish: how, ...(kind === "run" ? { plan: PLAIN.run.plan } : {}) };
}

/** Servers whose finite streams end in a wrong way. */
export const FINITE: readonly StreamMutant[] = [
  {
    id: "model-without-done",
    title: "ends a model's stream without `[DONE]`",
    kind: "model",
    changes: { last: () => [STOP] },
    breaks: ["ES-END-1"],
  },
  {
    id: "model-done-twice",
    title: "sends `[DONE]` twice",
    kind: "model",
    changes: { last: () => [STOP, DONE, DONE] },
    breaks: ["ES-END-2"],
  },
  {
    id: "model-speaks-after-done",
    title: "sends a frame with the usage after `[DONE]`",
    kind: "model",
    changes: { last: () => [DONE, STOP] },
    breaks: ["ES-END-2"],
  },
  {
    id: "model-fails-in-silence",
    title: "ends the stream in the middle of an answer, without an error",
    kind: "model",
    changes: fails("model", ({ res }) => res.end()),
    breaks: ["ES-END-4"],
    collateral: ["ES-END-1"],
  },
  {
    id: "model-frames-without-choices",
    title: "sends frames that the vocabulary does not have",
    kind: "model",
    changes: { data: (n) => JSON.stringify({ token: `word ${n}` }) },
    suite: { vocabulary: "openai-chat" },
    breaks: ["ES-END-5"],
  },
  {
    id: "model-frames-are-cut",
    title: "sends frames whose JSON is cut off",
    kind: "model",
    changes: { data: (n) => PLAIN.model.data(n).slice(0, -4) },
    suite: { vocabulary: "openai-chat" },
    breaks: ["ES-END-5"],
  },
  {
    id: "run-without-an-end",
    title: "ends a run without a last event, and opens an empty stream for whoever asks again",
    kind: "run",
    changes: {
      last: () => [],
      plan: (visit) => {
        const plan = PLAIN.run.plan(visit);
        return "status" in plan && plan.status === 204 ? { entries: [] } : plan;
      },
    },
    breaks: ["ES-END-1"],
  },
  {
    id: "run-ends-twice",
    title: "sends the last event of a run twice",
    kind: "run",
    changes: { last: () => [...PLAIN.run.last(), ...PLAIN.run.last()] },
    breaks: ["ES-END-2"],
  },
  {
    id: "run-goes-on-after-its-end",
    title: "sends another event after the last event of a run",
    kind: "run",
    changes: { last: () => [...PLAIN.run.last(), { data: "one more" }] },
    breaks: ["ES-END-2"],
  },
];
