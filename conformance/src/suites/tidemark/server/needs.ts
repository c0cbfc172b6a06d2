import type { Unmet } from "../../../engine/run/suite.ts";
import { hasChannels } from "../../../engine/wire/channel.ts";
import type { Need } from "./definition.ts";
import type { Target } from "./target.ts";

/** The first unmet need of a test, if any. Needs that the target has to claim are checked first. */
export function unmetNeed(needs: readonly Need[], target: Target): Unmet | undefined {
  const absent = needs.find((need) => claimed(need, target) === false);
  if (absent !== undefined) return { outcome: "n/a", detail: notClaimed(absent) };
  if (hasChannels(target.template) && !target.implicit && !needs.some((need) => NAMELESS.includes(need)))
    return {
      outcome: "not-run",
      reason: "NEEDS_CHANNELS",
      detail: "the target serves only declared channels",
    };
  for (const need of needs) {
    const unmet = beyond(need, target);
    if (unmet) return unmet;
  }
  return undefined;
}

/** Needs of tests that request a channel whether it exists or not. */
const NAMELESS: readonly Need[] = ["declared", "any-channel"];

/** Whether the target claims what is needed; undefined for needs that the suite itself has to meet. */
function claimed(need: Need, target: Target): boolean | undefined {
  if (need.startsWith("no-")) {
    const opposite = claimed(need.slice(3) as Need, target);
    return opposite === undefined ? undefined : !opposite;
  }
  if (need === "poll" || need === "long-poll" || need === "sse") return target.mechanisms.includes(need);
  if (need === "publishing") return target.claims.publish;
  if (need === "keys") return target.claims.publish && target.claims.keyTtlS !== undefined;
  if (need === "event") return target.claims.event;
  if (need === "declared") return hasChannels(target.template) && !target.implicit;
  return undefined;
}

function notClaimed(need: Need): string {
  return need.startsWith("no-") ? `the target claims ${need.slice(3)}` : `the target does not claim ${need}`;
}

/** Needs that change a channel, which takes a driver. */
const CHANGES: readonly Need[] = ["publish", "publishing", "keys"];

function beyond(need: Need, target: Target): Unmet | undefined {
  if (CHANGES.includes(need) && !target.driver)
    return {
      outcome: "not-run",
      reason: "NEEDS_PUBLISH",
      detail: "the suite cannot publish here, or may not",
    };
  if (need === "messages" && !target.driver && hasChannels(target.template))
    return {
      outcome: "not-run",
      reason: "NEEDS_PUBLISH",
      detail: "the suite may not publish; the URL of one channel with messages would do",
    };
  if (need === "any-channel" && !hasChannels(target.template))
    return { outcome: "not-run", reason: "NEEDS_CHANNELS", detail: "the URL names one channel" };
  if (need === "channels" && (!hasChannels(target.template) || !target.implicit))
    return { outcome: "not-run", reason: "NEEDS_CHANNELS", detail: "tests cannot make channels here" };
  if (need === "provoke" && target.allowed !== "provoke")
    return {
      outcome: "not-run",
      reason: "NEEDS_PROVOKE",
      detail: "no control interface to provoke faults with, or --allow forbids it",
    };
  const named = (pattern: RegExp): boolean => target.headers.some(({ name }) => pattern.test(name));
  if (need === "credentials" && !named(/^(authorization|cookie)$/i))
    return { outcome: "n/a", detail: "the run sends no credentials, and the target asks for none" };
  if (need === "cookies" && !named(/^cookie$/i))
    return { outcome: "n/a", detail: "the run does not authenticate by a cookie" };
  return undefined;
}
