import type { StreamContext } from "../context.ts";
import { type Cuts, readWithCuts } from "../observe/resumes.ts";
import type { Stream } from "../observe/stream.ts";

/** What the reader that is cut saw. Ends the test if the stream has only one reader. */
export async function cuts(t: StreamContext): Promise<Cuts> {
  t.show(t.seen.witness.exchange);
  const seen = await t.seen.inTurn("cuts", () => readWithCuts(t.seen));
  if (!seen) return t.unseen("NEEDS_RESUME_URL", "nobody says where to request this stream again");
  t.show(seen.first.exchange);
  await t.seen.watched();
  return seen;
}

/** Ends the test if the events have no ids. */
export function needsIds(t: StreamContext): void {
  if (t.seen.witness.events.length === 0) t.unseen("NEEDS_EVENTS", "no event came");
  if (t.seen.witness.withIds.length === 0) t.notApplicable("the events have no ids");
}

/** Ends the test if a reader beside the witness was refused without an id: then a refusal with one says nothing. */
export function needsRoom(t: StreamContext, { exchange }: Stream): void {
  const { status } = exchange;
  if (status === 429 || status === 503)
    t.unseen("NEEDS_ROOM", `the server refuses a second reader (${status}), with or without an id`);
}
