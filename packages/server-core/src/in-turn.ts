import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** How long one turn of the event loop goes on with requests that waited; then others have their turn. */
const TURN_MS = 5;

/** What a connection has that sends requests before it has the answers to earlier ones. */
interface Pipeline {
  /** Requests that wait for the answers to earlier ones. */
  waiting: number;
  /** The response to the newest of them. */
  newest: ServerResponse;
}

const PIPELINE = Symbol("pipeline");

/** A connection of `node:http`, with the response that it sends at present. */
type Connection = Socket & { [PIPELINE]?: Pipeline; readonly _httpMessage?: unknown };

/** Whether the answer to an earlier request of the same connection is still under way. */
export function isPipelined(req: IncomingMessage, res: ServerResponse): boolean {
  return res.socket === null && Boolean((req.socket as Connection | null)?._httpMessage);
}

/** The requests of a connection that wait; undefined if none ever did. */
export function pipelineOf(socket: Socket): Readonly<Pipeline> | undefined {
  return (socket as Connection)[PIPELINE];
}

/**
 * Call `answer` when the answers to all earlier requests of the same connection have left: at once, unless the client
 * pipelines. A client that does not take its answers is then asked for none of the later ones. Never, if the
 * connection ends before.
 */
export function inTurn(req: IncomingMessage, res: ServerResponse, answer: () => void): void {
  if (!isPipelined(req, res)) {
    answer();
    return;
  }
  const connection = req.socket as Connection;
  connection[PIPELINE] ??= { waiting: 0, newest: res };
  const pipeline = connection[PIPELINE];
  pipeline.waiting += 1;
  pipeline.newest = res;
  // Node emits it on a response too, when its turn comes.
  res.once("socket", () => {
    pipeline.waiting -= 1;
    later(answer);
  });
}

const due: (() => void)[] = [];

function later(answer: () => void): void {
  if (due.push(answer) === 1) setImmediate(runDue);
}

/** Each connection has at most one answer among these, since the next one is due when it has left. */
function runDue(): void {
  const until = performance.now() + TURN_MS;
  let done = 0;
  try {
    for (const answer of due) {
      done += 1;
      answer();
      if (performance.now() > until) break;
    }
  } finally {
    due.splice(0, done);
    if (due.length > 0) setImmediate(runDue);
  }
}
