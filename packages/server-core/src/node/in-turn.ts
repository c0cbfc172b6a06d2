import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** How long one turn of the event loop may work on waiting requests, before it yields to others. */
const TURN_MS = 5;

/** The state of a connection that sends requests before earlier ones are answered. */
interface Pipeline {
  /** Requests that wait for the answers to earlier ones. */
  waiting: number;
  /** The response to the newest of them. */
  newest: ServerResponse;
}

const PIPELINE = Symbol("pipeline");

/** A connection of `node:http`, with the response that it is sending. */
type PipelinedSocket = Socket & { [PIPELINE]?: Pipeline; readonly _httpMessage?: unknown };

/** Whether an earlier request of the same connection is still being answered. */
export function isPipelined(req: IncomingMessage, res: ServerResponse): boolean {
  return res.socket === null && Boolean((req.socket as PipelinedSocket | null)?._httpMessage);
}

/** The waiting requests of a connection; undefined if none ever waited. */
export function pipelineOf(socket: Socket): Readonly<Pipeline> | undefined {
  return (socket as PipelinedSocket)[PIPELINE];
}

/**
 * Call `answer` when the answers to all earlier requests of the same connection were sent. Without pipelining that is
 * at once. So a client that does not take its answers causes no work for later ones. If the connection ends first,
 * `answer` is never called.
 */
export function inTurn(req: IncomingMessage, res: ServerResponse, answer: () => void): void {
  if (!isPipelined(req, res)) {
    answer();
    return;
  }
  const connection = req.socket as PipelinedSocket;
  connection[PIPELINE] ??= { waiting: 0, newest: res };
  const pipeline = connection[PIPELINE];
  pipeline.waiting += 1;
  pipeline.newest = res;
  // Node emits `socket` on a response when its turn to be sent comes.
  res.once("socket", () => {
    pipeline.waiting -= 1;
    later(answer);
  });
}

const due: (() => void)[] = [];

function later(answer: () => void): void {
  if (due.push(answer) === 1) setImmediate(runDue);
}

/** Each connection has at most one answer in this list: its next one is added when this one was sent. */
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
