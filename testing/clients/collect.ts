import type { Subscription } from "@tidemark/client-core";

/** The cursors of the next `count` messages; fewer if the channel closes first. */
export async function collect(
  subscription: Subscription,
  count = Number.POSITIVE_INFINITY,
): Promise<string[]> {
  const cursors: string[] = [];
  while (cursors.length < count) {
    const step = await subscription.next();
    if (step.done) break;
    cursors.push(step.value.cursor);
  }
  return cursors;
}

/** The error that a promise rejects with. */
export async function rejection(pending: Promise<unknown>): Promise<unknown> {
  try {
    await pending;
  } catch (error) {
    return error;
  }
  throw new Error("the promise did not reject");
}
