// uvu's `suite` and `test`, which also record the name and time of each test, limit its time, and skip it by name if a
// system program is missing.
import * as uvu from "uvu";
import { limited } from "./limit.mjs";
import { addOutcome, isMissingProgram, progress } from "./record.mjs";

const settings = { seconds: 120 };

/** Set how long one test may take on an idle machine, in seconds. */
export function setLimit(seconds) {
  settings.seconds = seconds;
}

function instrument(suiteName, inner) {
  /** The missing program that keeps all tests of this suite from running. @type {Error | undefined} */
  let missing;

  const full = (name) => (suiteName === "" ? name : `${suiteName} › ${name}`);
  const timed = (name, handler) => async (state) => {
    const started = performance.now();
    const end = (outcome, reason) =>
      addOutcome({ name: full(name), ms: performance.now() - started, outcome, ...(reason && { reason }) });
    progress.running = full(name);
    progress.at = started;
    if (missing) return end("skipped", missing.message);
    try {
      const { seconds } = settings;
      await limited(Promise.resolve(handler(state)), { seconds, what: () => full(name) });
      end("passed");
    } catch (error) {
      if (isMissingProgram(error)) return end("skipped", error.message);
      end("failed");
      throw error;
    }
  };
  const opening = (handler) => async (state) => {
    if (missing) return;
    try {
      await handler(state);
    } catch (error) {
      if (!isMissingProgram(error)) throw error;
      missing = error;
    }
  };
  const closing = (handler) => (state) => (missing ? undefined : handler(state));

  const test = (name, handler) => inner(name, timed(name, handler));
  test.only = (name, handler) => inner.only(name, timed(name, handler));
  test.skip = (name) => {
    inner.skip(name);
    addOutcome({ name: full(name ?? "(no name)"), ms: 0, outcome: "skipped" });
  };
  test.before = Object.assign((handler) => inner.before(opening(handler)), {
    each: (handler) => inner.before.each(opening(handler)),
  });
  test.after = Object.assign((handler) => inner.after(closing(handler)), {
    each: (handler) => inner.after.each(closing(handler)),
  });
  test.run = () => inner.run();
  return test;
}

export const suite = (name = "", context = {}) => instrument(name, uvu.suite(name, context));
export const test = instrument("", uvu.test);
