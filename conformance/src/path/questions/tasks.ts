import type { Answer, QuestionId } from "../answer.ts";
import { askCache, askCached, askStatus } from "./answers.ts";
import type { PathContext } from "./context.ts";
import { askBackpressure, askDisconnect, askEnd, askReuse } from "./ends.ts";
import { askBody, askExtras, askRequestFields, askResponseFields } from "./messages.ts";
import { askAccept, askCompression, askFields, askHead, askHttp2, askPost, askStream } from "./streams.ts";

/** Something to ask: the questions that it answers, and how many connections it needs at once. */
export interface Task {
  readonly answers: readonly QuestionId[];
  readonly connections: number;
  readonly ask: (ctx: PathContext) => Promise<readonly Answer[]>;
}

/** What is asked while the silent streams wait. The longest come first. */
export const TASKS: readonly Task[] = [
  { answers: ["stream", "bytes"], connections: 1, ask: askStream },
  { answers: ["fields"], connections: 3, ask: askFields },
  { answers: ["disconnect"], connections: 2, ask: askDisconnect },
  { answers: ["compression"], connections: 2, ask: askCompression },
  { answers: ["head"], connections: 1, ask: askHead },
  { answers: ["post"], connections: 1, ask: askPost },
  { answers: ["accept"], connections: 1, ask: askAccept },
  { answers: ["http2"], connections: 1, ask: askHttp2 },
  { answers: ["backpressure"], connections: 1, ask: askBackpressure },
  { answers: ["end"], connections: 3, ask: askEnd },
  { answers: ["status"], connections: 1, ask: askStatus },
  { answers: ["cached"], connections: 1, ask: askCached },
  { answers: ["cache", "key", "vary"], connections: 1, ask: askCache },
  { answers: ["response-fields"], connections: 1, ask: askResponseFields },
  { answers: ["request-fields"], connections: 1, ask: askRequestFields },
  { answers: ["trailers", "early"], connections: 1, ask: askExtras },
  { answers: ["body"], connections: 1, ask: askBody },
  { answers: ["reuse"], connections: 1, ask: askReuse },
];

/** Run tasks side by side, with at most so many connections at once. */
export async function runTasks(
  tasks: readonly Task[],
  most: number,
  run: (task: Task) => Promise<void>,
): Promise<void> {
  const waiting = [...tasks];
  const running = new Set<Promise<void>>();
  let used = 0;
  while (waiting.length > 0 || running.size > 0) {
    const at = waiting.findIndex(({ connections }) => used + connections <= most || used === 0);
    const [task] = at >= 0 ? waiting.splice(at, 1) : [];
    if (!task) {
      await Promise.race(running);
      continue;
    }
    used += task.connections;
    const done: Promise<void> = run(task).finally(() => {
      used -= task.connections;
      running.delete(done);
    });
    running.add(done);
  }
}
