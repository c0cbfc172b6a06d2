import { heading, nameOf, problems } from "../peer/change-http.ts";
import { oneAtATime } from "../peer/one-at-a-time.ts";
import { both } from "../peer/parts.ts";
import { because, type Mutant } from "./mutant.ts";

/** Servers that send wrong problems. */
export const problemMutants: readonly Mutant[] = [
  {
    id: "problems-are-plain-json",
    title: "sends problems as application/json",
    breaks: ["CORE-PROBLEM-1"],
    ...problems((_problem, ctx) => {
      ctx.type = "application/json";
    }),
  },
  {
    id: "problems-without-a-type",
    title: "sends problems without a type, so that clients have to guess from the status",
    breaks: ["CORE-PROBLEM-1"],
    ...problems((problem) => {
      problem.type = "about:blank";
    }),
  },
  {
    id: "gap-without-its-end",
    title: "reports a gap without the end of the channel",
    breaks: ["CORE-PROBLEM-1"],
    collateral: because("there is no end from which to continue", "CORE-GAP-5"),
    ...problems((problem) => {
      if (nameOf(problem) === "gap") problem.end = undefined;
    }),
  },
  {
    id: "refused-method-without-allow",
    title: "refuses a method without listing the allowed ones",
    breaks: ["CORE-PROBLEM-1", "CORE-METHOD-1"],
    ...heading((ctx) => (ctx.status === 405 ? { Allow: undefined } : {})),
  },
  {
    id: "retry-after-is-a-date",
    title: "sends Retry-After as a date, which needs a correct client clock",
    breaks: ["CORE-PROBLEM-2"],
    ...both(
      oneAtATime(),
      heading((_ctx, res) =>
        res.hasHeader("retry-after") ? { "Retry-After": "Fri, 31 Dec 2100 23:59:59 GMT" } : {},
      ),
    ),
  },
];
