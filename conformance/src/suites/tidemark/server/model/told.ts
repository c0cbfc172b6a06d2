import type { History, HistoryStep, Place } from "./steps.ts";

/** A history in a few words, for people. */
export function told(history: History): string {
  return history.map(tell).join(" → ");
}

function tell(step: HistoryStep): string {
  const where = step.channel === 1 ? " on the sibling channel" : "";
  const by = step.travel === "close" ? "" : step.travel === "keep" ? " on a kept connection" : " by HTTP/1.0";
  return `${what(step)}${where}${by}`;
}

function what(step: HistoryStep): string {
  switch (step.do) {
    case "publish":
      return [
        step.fault === undefined
          ? `publish ${step.count}`
          : `publish with a wrong ${step.fault} (form ${step.form ?? 0})`,
        ...(step.spelled === undefined ? [] : [`(${step.spelled})`]),
        ...(step.size > 60 ? [`of ${step.size} characters`] : []),
        ...(step.events.some((event) => event !== "message") ? [`as ${step.events.join(",")}`] : []),
        ...(step.key === undefined ? [] : [`with key ${step.key}`]),
        ...(step.after ? [`after ${place(step.after)}`] : []),
        ...(step.close ? ["and close"] : []),
      ].join(" ");
    case "read":
      return `${step.head ? "HEAD" : step.by === "now" ? "long poll without a wait" : "poll"} ${place(step.at)}${options(step)}`;
    case "hold":
      return `${times(step.copies)}hold ${place(step.at)} for ${step.huge ? "too many" : step.wait} s${options(step)}`;
    case "stream":
      return `${times(step.copies)}stream ${place(step.at)} by ${step.by}${options(step)}`;
    case "method":
      return step.method;
    case "burst":
      return `${step.posts.length} publishes at once`;
    case "packet":
      return `${step.reads.length} reads in one packet`;
    case "trim":
      return `trim to ${step.keep}`;
    case "cut":
      return `cut a stream${step.resume ? " and resume it" : ""}`;
    case "settle":
      return step.restMs === undefined ? "settle" : `be silent for ${step.restMs} ms`;
    default:
      return step.do;
  }
}

function times(copies: number): string {
  return copies === 1 ? "" : `${copies} × `;
}

function place(at: Place): string {
  if (at.kind === "newest") return at.n === 0 ? "at the newest cursor" : `${at.n} before the newest cursor`;
  if (at.kind === "forged") return "at a forged cursor";
  if (at.kind === "malformed") return "at something that is no cursor";
  return at.kind === "oldest"
    ? `at cursor ${at.n + 1}`
    : at.kind === "none"
      ? "without a position"
      : `at ${at.kind}`;
}

const NAMED = ["limit", "event", "gap", "match", "fault", "form", "spelled", "accept"] as const;

function options(step: HistoryStep): string {
  return NAMED.filter((name) => name in step)
    .map((name) => ` ${name}=${String((step as unknown as Record<string, unknown>)[name]).slice(0, 24)}`)
    .join("");
}
