import type { Exchange } from "../../../../engine/wire/exchange.ts";
import { describe, problemName } from "../../read/page.ts";
import type { Terms } from "./asked.ts";
import { commonFault } from "./common-answer.ts";
import { CannotJudge, type Fault, faultOf, unless } from "./fault.ts";
import type { MethodStep } from "./steps.ts";

/** The answer to a method that says nothing about messages. */
export function answerMethod(exchange: Exchange, { method }: MethodStep, terms: Terms): Fault | undefined {
  const { status } = exchange;
  if (status === undefined || status === 503 || status === 429) throw new CannotJudge(describe(exchange));
  if (method === "OPTIONS") return optionsFault(exchange, terms);
  if (status < 300)
    return faultOf("CORE-METHOD-1", `the answer to the method ${method}`, "405 method-not-allowed", exchange);
  // An HTTP implementation may know only some methods, and answers others by itself.
  if (problemName(exchange) !== "method-not-allowed") return undefined;
  return allowFault(exchange) ?? commonFault(exchange, terms, "write");
}

function optionsFault(exchange: Exchange, terms: Terms): Fault | undefined {
  if (exchange.status !== 204)
    return faultOf("CORE-METHOD-2", "the answer to OPTIONS", "204 with Allow", exchange);
  return allowFault(exchange) ?? commonFault(exchange, terms, "write");
}

function allowFault(exchange: Exchange): Fault | undefined {
  const allow = exchange.header("allow");
  const requirement = exchange.status === 204 ? "CORE-METHOD-2" : "CORE-PROBLEM-1";
  return unless(allow !== undefined, requirement, "`Allow`", "the methods", allow);
}
