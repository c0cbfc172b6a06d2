import { type Channel, withRawQuery } from "../../../../engine/wire/channel.ts";
import type { HeaderLine } from "../../../../engine/wire/headers.ts";
import type { RequestInit } from "../../../../engine/wire/request.ts";
import type { HoldStep, Place, PublishStep, ReadStep, StreamStep } from "./steps.ts";

/** Turns places into positions, by what the history has seen. */
export type Resolve = (place: Place) => string | undefined;

/** What browsers send. */
const CODINGS: HeaderLine = ["Accept-Encoding", "gzip, deflate, br, zstd"];

const JSON_TYPE: HeaderLine = ["Content-Type", "application/json"];

/** The body of a publish; the same step has the same bytes each time, and steps alike have bodies of equal length. */
export function bodyOf(step: PublishStep, resolve: Resolve): string {
  if (step.fault === "json") return '{"messages":[{"data":1}';
  const messages = Array.from({ length: step.count }, (_, index) => {
    const event = step.fault === "event" ? "no name" : (step.events[index % step.events.length] ?? "message");
    const named = event === "message" ? "" : `"event":${JSON.stringify(event)},`;
    return `{${named}"data":${dataOf(step, index)}}`;
  });
  const after = step.fault === "after" ? "not a cursor" : step.after && (resolve(step.after) ?? "start");
  const members = [
    ...(step.count > 0 || !step.close
      ? [`"messages":[${step.fault === "empty" ? "" : messages.join(",")}]`]
      : []),
    ...(step.close && step.fault !== "empty" ? ['"close":true'] : []),
    ...(after === undefined ? [] : [`"after":${JSON.stringify(after)}`]),
  ];
  return `{${members.join(",")}}`;
}

/** The JSON text of one message's data, of several kinds. */
export function dataOf({ tag, size }: PublishStep, index: number): string {
  const id = `${tag}.${String(index + 1).padStart(3, "0")}`;
  if (size > 60) return JSON.stringify({ id, text: "tide ".repeat(Math.ceil(size / 5)).slice(0, size) });
  const forms = [
    JSON.stringify(id),
    `{"id":"${id}","at":{"":[1,2.50,null]}}`,
    `["${id}","line\\nbreak\\u2028 \\u0000 \u{1F30A} data: x"]`,
    `{"id":"${id}","big":9007199254740993,"small":1e-7}`,
    `"${id} $open\\r\\n\\r\\nid: 1"`,
  ];
  return forms[(tag + index) % forms.length] ?? "null";
}

/** The text of an idempotency key. */
export function keyOf(run: string, key: number): string {
  return `"${run}-key-${key}"`;
}

export function publishRequest(step: PublishStep, channel: Channel, body: string, run: string): RequestInit {
  const key =
    step.fault === "key" ? "not a string" : step.key === undefined ? undefined : keyOf(run, step.key);
  return {
    method: "POST",
    url: channel.url,
    headers: [
      step.fault === "type" ? ["Content-Type", "text/plain"] : JSON_TYPE,
      ...(key === undefined ? [] : [["Idempotency-Key", key] as const]),
    ],
    body,
    ...version(step),
  };
}

export function readRequest(
  step: ReadStep,
  channel: Channel,
  resolve: Resolve,
  tag: string | undefined,
): RequestInit {
  const query = [
    ...queryOf(step, resolve(step.at)),
    ...(step.by === "now" ? ["wait=0"] : []),
    ...(step.limit === undefined ? [] : [`limit=${step.limit}`]),
    ...(step.extra ? ["lastSeen=1"] : []),
    ...(step.fault === undefined ? [] : [FAULTY[step.fault]]),
  ];
  const match = step.match === "any" ? "*" : step.match === "other" ? '"never-sent"' : step.match && tag;
  const last = step.lastEventId && resolve(step.lastEventId);
  return {
    method: step.head ? "HEAD" : "GET",
    url: withRawQuery(channel.url, query.join("&")),
    headers: [
      ...(step.accept ? [["Accept", "text/html, application/json;q=0.9, */*;q=0.8"] as const] : []),
      ...(match === undefined ? [] : [["If-None-Match", match] as const]),
      ...(last === undefined ? [] : [["Last-Event-ID", last] as const]),
      ...(step.coding ? [CODINGS] : []),
    ],
    ...version(step),
  };
}

const FAULTY = {
  limit: "limit=0",
  after: "after=lower",
  event: "event=no%20name",
  repeated: "gap=start&gap=start",
  gap: "gap=middle",
} as const;

export function holdRequest(step: HoldStep, channel: Channel, resolve: Resolve): RequestInit {
  const query = [
    ...queryOf(step, resolve(step.at)),
    `wait=${step.wait}`,
    ...(step.limit === undefined ? [] : [`limit=${step.limit}`]),
  ];
  return { url: withRawQuery(channel.url, query.join("&")), ...version(step) };
}

export function streamRequest(step: StreamStep, channel: Channel, resolve: Resolve): RequestInit {
  const position = resolve(step.at);
  const after = step.by === "after" ? position : step.by === "both" ? "start" : undefined;
  const query = [...queryOf(step, after), ...(step.accept ? [] : ["stream=1"])];
  return {
    url: withRawQuery(channel.url, query.join("&")),
    headers: [
      ...(step.accept ? [["Accept", "text/event-stream"] as const] : []),
      ...(step.by === "after" || position === undefined ? [] : [["Last-Event-ID", position] as const]),
      ...(step.coding ? [CODINGS] : []),
    ],
    ...version(step),
  };
}

function queryOf(
  { event, gap }: { readonly event?: string; readonly gap?: string },
  after: string | undefined,
): string[] {
  return [
    ...(after === undefined ? [] : [`after=${encodeURIComponent(after)}`]),
    ...(event === undefined ? [] : [`event=${encodeURIComponent(event)}`]),
    ...(gap === undefined ? [] : [`gap=${gap}`]),
  ];
}

function version({ travel }: { readonly travel: string }): Pick<RequestInit, "version" | never> {
  return travel === "1.0" ? { version: "1.0" } : {};
}
