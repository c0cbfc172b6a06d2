// Replaces `uvu` in the bundles: says which test is running, so that a suite that hangs can name it.
import { type Callback, test as plain } from "uvu";

export * from "uvu";

export const test = Object.assign(
  (title: string, run: Callback) =>
    plain(title, async (context) => {
      Object.assign(globalThis, { runningTest: title });
      await run(context);
    }),
  plain,
);
