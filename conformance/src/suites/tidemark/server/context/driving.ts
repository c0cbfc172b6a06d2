import { NotOffered } from "../../../../engine/drive/control.ts";
import { type DriverContext, DriverError } from "../../../../engine/drive/driver.ts";
import { Undecided } from "../../../../engine/run/undecided.ts";
import type { TestContext } from "./context.ts";

/** The context for a driver or a control: its requests become part of the test's transcript. */
export function driverContextOf(t: TestContext, signal: AbortSignal): DriverContext {
  return {
    exchange: (init) => t.ask(init),
    exchangeBare: (init) => t.finish(t.sendBare(init)),
    signal,
  };
}

/** Turn a failure of a driver or a control into an inconclusive test. */
export async function driven<T>(doing: () => Promise<T>): Promise<T> {
  try {
    return await doing();
  } catch (error) {
    if (error instanceof NotOffered) throw new Undecided("NEEDS_PROVOKE", error.message);
    if (error instanceof DriverError) throw new Undecided("PRECONDITION_FAILED", error.message);
    throw error;
  }
}
