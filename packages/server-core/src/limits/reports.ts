import { InterferenceError } from "../answer/interference.ts";
import { Throttle } from "./throttle.ts";
import { throttledReport } from "./throttled-report.ts";

type Report = (error: unknown) => void;

/** Reports failures to the application. Interference, which can happen at every request, is throttled. */
export class Reports {
  /** The application's function. */
  readonly failed: Report;
  readonly #throttle: Throttle;

  /** `onError`: the option of this name. */
  constructor(onError: Report = throttledReport()) {
    this.failed = onError;
    this.#throttle = new Throttle((code, count, seconds) => {
      safely(onError, new Error(`${count} more requests failed with "${code}" within ${seconds} s`));
    });
  }

  /** Report a failure, to `failed` if the request has a function of its own. Never throws. */
  report(error: unknown, failed: Report = this.failed): void {
    if (!(error instanceof InterferenceError) || this.#throttle.passes(error.code)) safely(failed, error);
  }
}

/** Call the application's function for failures. If it throws, print both errors. */
function safely(failed: Report, error: unknown): void {
  try {
    failed(error);
  } catch (another) {
    console.error(error, another);
  }
}
