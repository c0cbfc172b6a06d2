import type { Block } from "../../../../engine/wire/event-stream.ts";
import { parseJson } from "../../../../engine/wire/json.ts";
import { isMessage } from "../../read/stream.ts";
import { type Fault, firstOf, unless } from "./fault.ts";
import { between, type Epoch, keeps, type LogState } from "./log-state.ts";
import { messagesFault } from "./page-answer.ts";

/** Where a stream is. */
export interface Progress {
  readonly epoch: Epoch;
  /** After so many messages of the epoch. */
  index: number;
  isClosed: boolean;
}

/** Judge a block after the first; if it is right, the progress moves on. @param arrivedAt a `performance.now()` time */
export function blockFault(
  block: Block,
  progress: Progress,
  filter: string | undefined,
  arrivedAt: number,
  log: LogState,
): Fault | undefined {
  const form = formFault(block, block.event?.startsWith("$") ? "SSE-STREAM-4" : "SSE-MESSAGE-1");
  if (form) return form;
  if (progress.isClosed)
    return unless(false, "SSE-CLOSED-1", "the stream after `$closed`", "its end", block.event ?? "a block");
  if (isMessage(block)) return messageFault(block, progress, filter);
  if (block.event === "$closed") return closedFault(block, progress, filter, log);
  if (block.event === "$open")
    return unless(false, "SSE-OPEN-1", "a block after the first", "no `$open`", "$open");
  if (block.id === undefined) return undefined;
  return positionFault(block, progress, filter, log) ?? behindFault(block, progress, arrivedAt, log);
}

const FIELDS = ["event", "data", "id", "retry"];

/** The fields of a block are those of the grammar, each once, the id last. @param requirement of one with other fields */
export function formFault({ lines, event }: Block, requirement: string): Fault | undefined {
  const names = lines.map(({ name }) => name).filter((name) => name !== "");
  const what = `the fields of the block ${event ?? "without data"}`;
  const seen = names.map((name) => name.slice(0, 20)).join(", ");
  const isKnown = names.every((name) => FIELDS.includes(name));
  return firstOf([
    () => unless(isKnown, requirement, what, FIELDS.join(", "), seen),
    () =>
      unless(new Set(names).size === names.length, "SSE-STREAM-4", what, "at most one of each name", seen),
    () => unless(!names.slice(0, -1).includes("id"), "SSE-STREAM-3", what, "id as the last", seen),
  ]);
}

function messageFault(block: Block, progress: Progress, filter: string | undefined): Fault | undefined {
  const { epoch, index } = progress;
  const next = epoch.messages.findIndex((message, place) => place >= index && keeps(filter, message));
  const expected = epoch.messages[next];
  const got = {
    cursor: block.id ?? "",
    event: block.event ?? "message",
    data: parseJson(block.data ?? "") ?? null,
  };
  const version = { epoch, first: 0, count: epoch.messages.length, closed: false, at: 0 };
  const fault = messagesFault([got], expected ? [expected] : [], "the stream", filter, version, index);
  if (!fault) progress.index = next + 1;
  return fault && { ...fault, actual: `${fault.actual.split(", at place")[0]}, after ${index} messages` };
}

function positionFault(
  block: Block,
  progress: Progress,
  filter: string | undefined,
  log: LogState,
): Fault | undefined {
  const { epoch, index } = progress;
  const what = `\`id:\` of ${block.event ?? "a bookmark"}`;
  const place = log.locate(block.id ?? "");
  const requirement = block.event === "$heartbeat" ? "SSE-BEAT-2" : "SSE-STREAM-6";
  if (!place || place.epoch !== epoch || place.index < index)
    return unless(
      false,
      requirement,
      what,
      `a position after ${index} messages or more`,
      place && place.epoch === epoch ? `that after ${place.index} messages` : block.id,
    );
  const passed = between(epoch, index, place.index, filter).length;
  if (passed === 0) progress.index = place.index;
  return unless(
    passed === 0,
    "SSE-STREAM-6",
    what,
    "not past a message that the stream has not carried",
    `past ${passed} of them`,
  );
}

/** So long after a publish, every open stream has read the log. */
const READ_AFTER_MS = 1_500;

/** A heartbeat has the position up to which the stream has read the log: also past what its filter drops. */
function behindFault(
  block: Block,
  { epoch, index }: Progress,
  arrivedAt: number,
  log: LogState,
): Fault | undefined {
  if (block.event !== "$heartbeat") return undefined;
  const read = log.versions.findLast(
    (version) => version.epoch === epoch && version.at <= arrivedAt - READ_AFTER_MS,
  );
  return unless(
    read === undefined || index >= read.count,
    "SSE-BEAT-2",
    "`id:` of $heartbeat",
    `the position after ${read?.count} messages, which the log had long before`,
    `that after ${index} messages`,
  );
}

function closedFault(
  block: Block,
  progress: Progress,
  filter: string | undefined,
  log: LogState,
): Fault | undefined {
  const { epoch, index } = progress;
  const ended = log.versions.find((version) => version.epoch === epoch && version.closed);
  if (!ended)
    return unless(
      false,
      epoch === log.now.epoch ? "SSE-CLOSED-1" : "SSE-END-3",
      "the stream of a channel that was not closed",
      "no `$closed`",
      "$closed",
    );
  const end = log.cursorAt(epoch, ended.count);
  const left = between(epoch, index, ended.count, filter).length;
  progress.isClosed = true;
  return firstOf([
    () =>
      unless(left === 0, "CORE-POSITION-1", "the messages before `$closed`", `${left} more`, "none of them"),
    () =>
      unless(
        end === undefined || block.id === end,
        "SSE-CLOSED-1",
        "`id:` of `$closed`",
        end ?? "",
        block.id,
      ),
  ]);
}
