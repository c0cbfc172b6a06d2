import type { Exchange } from "../../../../engine/wire/exchange.ts";
import { type Json, jsonEqual, member, parseJson } from "../../../../engine/wire/json.ts";
import { CURSOR, describe, problemName } from "../../read/page.ts";
import type { PublishAsked, Terms } from "./asked.ts";
import { commonFault, refusalFault } from "./common-answer.ts";
import { CannotJudge, type Fault, faultOf, firstOf, unless } from "./fault.ts";
import type { KeyedPublish, KnownMessage, LogState, Version } from "./log-state.ts";
import { dataOf } from "./publish-body.ts";
import { isReplay, knownKey, sameBytes } from "./publish-keys.ts";

const BUSY: readonly (number | undefined)[] = [408, 425, 429, 503, 507];

/** What a server has to take (PUB-SIZE-2). */
const LEAST = { bytes: 65_536, messages: 100 };

/** Whether the present explains the answer to a publish; if so, the model makes the same change. */
export function answerPublish(
  exchange: Exchange,
  asked: PublishAsked,
  log: LogState,
  terms: Terms,
): Fault | undefined {
  if (BUSY.includes(exchange.status)) throw new CannotJudge(describe(exchange));
  const { step, body } = asked;
  const isLarge = Buffer.byteLength(body) > LEAST.bytes || step.count > LEAST.messages;
  if ((step.fault === "type" || step.fault === "coding") && exchange.status === undefined)
    throw new CannotJudge("reset before a 415");
  if (step.spelled === "chunked" && exchange.status === 411) throw new CannotJudge("chunks are not taken");
  if (isLarge && (exchange.status === 413 || exchange.status === undefined))
    return exchange.status === 413 ? undefined : raise("the body was not read");
  const common = commonFault(exchange, terms, "write");
  if (step.fault !== undefined) return faulty(exchange, step.fault) ?? common;
  return ordinary(exchange, asked, log, terms) ?? common;
}

function ordinary(exchange: Exchange, asked: PublishAsked, log: LogState, terms: Terms): Fault | undefined {
  const { epoch } = log.now;
  const known = knownKey(asked, epoch, terms);
  const isFree = known?.mayBe === "another" || known?.mayBe === "forgotten";
  if (isFree && (problemName(exchange) === "key-reused" || isReplay(exchange, known.first))) return undefined;
  if (known?.mayBe === "another")
    return faultOf(
      "PUB-KEY-9",
      "the answer to the same members in other bytes",
      "the first one, or key-reused",
      exchange,
    );
  const first = known?.mayBe === "known" ? known.first : undefined;
  const [requirement, ...names] = refusalOf(asked, log.now, first);
  if (requirement !== undefined) return refused(exchange, requirement, names, log.now);
  return accepted(exchange, asked, log, first);
}

function raise(why: string): never {
  throw new CannotJudge(why);
}

const REFUSALS = {
  type: ["PUB-TYPE-1", "unsupported-type"],
  coding: ["PUB-TYPE-2", "unsupported-type"],
  json: ["PUB-BODY-1", "invalid-body"],
  shape: ["PUB-BODY-3", "invalid-body"],
  event: ["PUB-BODY-4", "invalid-body"],
  after: ["PUB-AFTER-2", "invalid-body"],
  key: ["PUB-KEY-6", "invalid-header"],
} as const;

function faulty(exchange: Exchange, fault: keyof typeof REFUSALS): Fault | undefined {
  const [requirement, name] = REFUSALS[fault];
  return refusalFault(exchange, requirement, [name]);
}

/** The requirement and the problem of the refusal that is due, in the order of PUB-ORDER-2; empty if none is. */
function refusalOf(
  { step, body, after }: PublishAsked,
  { epoch, count, closed }: Version,
  known: KeyedPublish | undefined,
): readonly string[] {
  if (known) return sameBytes(known.body, body) ? [] : ["PUB-KEY-2", "key-reused"];
  if (closed && step.count > 0) return ["PUB-CLOSE-2", "closed"];
  const end = count === 0 ? epoch.origin : epoch.messages[count - 1]?.cursor;
  return after !== undefined && after !== end ? ["PUB-AFTER-1", "not-at-end"] : [];
}

function refused(
  exchange: Exchange,
  requirement: string,
  names: readonly string[],
  { epoch, count }: Version,
): Fault | undefined {
  const fault = refusalFault(exchange, requirement, names);
  if (fault || names[0] === "key-reused") return fault;
  const end = member(parseJson(exchange.text), "end");
  const known = count === 0 ? epoch.origin : epoch.messages[count - 1]?.cursor;
  return unless(
    typeof end === "string" && (known === undefined || end === known),
    "PUB-AFTER-3",
    "`end` of the refusal",
    known ?? "a cursor",
    typeof end === "string" ? end : undefined,
  );
}

function accepted(
  exchange: Exchange,
  asked: PublishAsked,
  log: LogState,
  known: KeyedPublish | undefined,
): Fault | undefined {
  const { step, body, members, at } = asked;
  const { epoch } = log.now;
  const base = known ? "PUB-KEY-1" : baseOf(exchange, asked, log);
  if (exchange.status !== 200 && exchange.status !== 201)
    return faultOf(base, "the answer to the publish", "200 or 201 with cursors", exchange);
  const answer = parseJson(exchange.text) ?? null;
  if (known)
    return unless(
      jsonEqual(known.answer, answer),
      "PUB-KEY-1",
      "the answer to the repeated publish",
      "the first answer",
      exchange.text.slice(0, 200),
    );
  const fault = answerFault(answer, asked, log);
  if (fault) return fault;
  log.append(appended(asked, answer), step.close === true);
  const end = member(answer, "cursor");
  if (typeof end === "string") log.learn(end, epoch, log.now.count);
  if (step.key !== undefined) epoch.keys.set(step.key, { body, members, answer, at });
  return undefined;
}

/** Which requirement a refusal breaks that should not have come. */
function baseOf(exchange: Exchange, { step }: PublishAsked, log: LogState): string {
  const name = problemName(exchange);
  if (name === "key-reused")
    return log.versions.some(({ epoch }) => epoch !== log.now.epoch && epoch.keys.has(step.key ?? -1))
      ? "PUB-KEY-10"
      : "PUB-KEY-5";
  if (name === "not-at-end") return "PUB-AFTER-1";
  if (name === "closed") return step.count === 0 ? "PUB-CLOSE-1" : "PUB-REMOVE-3";
  if (name === "too-large") return "PUB-SIZE-2";
  return "PUB-DONE-2";
}

function answerFault(answer: Json, { step }: PublishAsked, log: LogState): Fault | undefined {
  const cursors = member(answer, "cursors");
  const cursor = member(answer, "cursor");
  const list: readonly Json[] = Array.isArray(cursors) ? cursors : [];
  const { epoch, count, closed } = log.now;
  const isClosed = closed || step.close === true;
  const end = list.length > 0 ? list.at(-1) : log.cursorAt(epoch, count);
  const old = list.find((one) => typeof one === "string" && log.locate(one) !== undefined);
  const bad = list.find(
    (one) => typeof one !== "string" || !CURSOR.test(one) || one.startsWith("~") || one.length > 128,
  );
  return firstOf([
    () =>
      unless(
        Array.isArray(cursors) && list.length === step.count,
        "PUB-DONE-3",
        "the number of `cursors`",
        String(step.count),
        String(list.length),
      ),
    () =>
      unless(bad === undefined, "CORE-CURSOR-1", "a cursor of the answer", "one of the grammar", String(bad)),
    () =>
      unless(
        old === undefined && new Set(list).size === list.length,
        step.key === undefined ? "CORE-CURSOR-3" : "PUB-KEY-10",
        "`cursors` of the answer",
        "new ones",
        `${String(old ?? list[0])}, which another position has`,
      ),
    () =>
      unless(
        typeof cursor === "string" && (end === undefined || cursor === end),
        "PUB-DONE-4",
        "`cursor` of the answer",
        String(end ?? "a cursor"),
        typeof cursor === "string" ? cursor : undefined,
      ),
    () =>
      unless(
        (member(answer, "closed") === true) === isClosed,
        "PUB-DONE-5",
        "`closed` of the answer",
        isClosed ? "true" : "absent",
        String(member(answer, "closed") ?? "absent"),
      ),
  ]);
}

function appended({ step }: PublishAsked, answer: Json): KnownMessage[] {
  const cursors = member(answer, "cursors");
  const list: readonly Json[] = Array.isArray(cursors) ? cursors : [];
  return list.map((cursor, index) => ({
    cursor: String(cursor),
    event: step.events[index % step.events.length] ?? "message",
    data: parseJson(dataOf(step, index)) ?? null,
  }));
}

/** Whether the present explains the answer to `DELETE`; if so, the model removes the channel. */
export function answerRemove(exchange: Exchange, log: LogState, terms: Terms): Fault | undefined {
  if (BUSY.includes(exchange.status)) throw new CannotJudge(describe(exchange));
  if (exchange.status === 405) return undefined;
  if (exchange.status !== 204) return faultOf("PUB-REMOVE-1", "the answer to DELETE", "204", exchange);
  const { count, closed } = log.now;
  if (count > 0 || closed) log.begin();
  return commonFault(exchange, terms, "write");
}
