import type { History, HistoryStep } from "./steps.ts";

/** Attributes that a step does not need. */
const OPTIONAL = [
  "event",
  "gap",
  "match",
  "limit",
  "key",
  "after",
  "close",
  "head",
  "extra",
  "lastEventId",
  "accept",
  "coding",
  "eager",
  "fault",
  "form",
  "spelled",
  "rival",
  "huge",
  "restMs",
] as const;

/** Attributes whose presence a failure needs, of those that name a requirement or a condition. */
export type Attribute = (typeof OPTIONAL)[number];

/** Histories in which one step is simpler. */
export function simpler(history: History): History[] {
  return history.flatMap((step, at) =>
    simplerSteps(step).map((next) => [...history.slice(0, at), next, ...history.slice(at + 1)]),
  );
}

function simplerSteps(step: HistoryStep): HistoryStep[] {
  const dropped = OPTIONAL.filter((name) => name in step && !isNeeded(name, step)).map((name) => {
    const { [name]: _, ...rest } = step as unknown as Record<string, unknown>;
    return rest as unknown as HistoryStep;
  });
  return [...dropped, ...commonSteps(step), ...ownSteps(step)];
}

/** Without messages and without `close`, a publish would be another one: an invalid one. */
function isNeeded(name: Attribute, step: HistoryStep): boolean {
  return name === "close" && step.do === "publish" && step.count === 0;
}

function commonSteps(step: HistoryStep): HistoryStep[] {
  const steps: HistoryStep[] = [];
  if (step.travel !== "close") steps.push({ ...step, travel: "close" });
  if (step.channel !== 0) steps.push({ ...step, channel: 0 });
  if ("copies" in step && step.copies > 1)
    steps.push({ ...step, copies: 1 }, { ...step, copies: Math.ceil(step.copies / 2) });
  return steps;
}

function ownSteps(step: HistoryStep): HistoryStep[] {
  if (step.do === "publish") return simplerPublish(step);
  if (step.do === "burst") {
    const fewer =
      step.posts.length > 2
        ? step.posts.map((_, at) => ({ ...step, posts: step.posts.filter((_, other) => other !== at) }))
        : [];
    return [
      ...fewer,
      ...(step.pauseMs > 0 ? [{ ...step, pauseMs: 0 }] : []),
      ...step.posts.map((post) => post),
    ];
  }
  if (step.do === "packet")
    return step.reads.length > 1
      ? step.reads.map((_, at) => ({ ...step, reads: step.reads.filter((_, other) => other !== at) }))
      : [...step.reads];
  if (step.do === "read" && step.by === "now") return [{ ...step, by: "poll" }];
  if (step.do === "stream" && step.by !== "after")
    return [{ ...step, by: "after" }, ...(step.by === "both" ? [{ ...step, by: "header" } as const] : [])];
  return [];
}

function simplerPublish(step: Extract<HistoryStep, { readonly do: "publish" }>): HistoryStep[] {
  const { count, size, events } = step;
  const counts = [1, 2, Math.floor(count / 2), Math.ceil(count * 0.8), count - 1].filter(
    (fewer) => fewer > 0 && fewer < count,
  );
  const sizes = [0, Math.floor(size / 2), Math.floor(size * 0.8)].filter((less) => less < size);
  return [
    ...[...new Set(counts)].map((fewer) => ({ ...step, count: fewer })),
    ...[...new Set(sizes)].map((less) => ({ ...step, size: less })),
    ...(events.length > 1 || events[0] !== "message" ? [{ ...step, events: ["message"] }] : []),
    ...(events.length > 1 ? events.map((event) => ({ ...step, events: [event] })) : []),
  ];
}
