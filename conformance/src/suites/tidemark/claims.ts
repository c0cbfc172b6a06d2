import { type BareItem, type Dictionary, parseDictionary, Token } from "../../engine/wire/dictionary.ts";
import { header } from "../../engine/wire/headers.ts";
import type { WireRequest } from "../../engine/wire/request.ts";

/** A way to read a channel. */
export type Mechanism = "poll" | "long-poll" | "sse";

/** What a server claims in its `Tidemark` header. An absent member is not claimed. */
export interface Claims {
  readonly version: number | undefined;
  readonly mechanisms: readonly Mechanism[];
  readonly maxWaitS: number | undefined;
  readonly maxLimit: number | undefined;
  readonly heartbeatS: number | undefined;
  readonly keyTtlS: number | undefined;
  readonly publish: boolean;
  readonly event: boolean;
}

const MECHANISMS: readonly Mechanism[] = ["poll", "long-poll", "sse"];

/** Parse `Tidemark`; undefined if it is missing or not a dictionary. Unknown members are ignored. */
export function parseClaims(field: string | undefined): Claims | undefined {
  const members = field === undefined ? undefined : parseDictionary(field);
  if (!members) return undefined;
  return {
    version: integer(members, "v"),
    mechanisms: mechanisms(members.get("mechanisms")),
    maxWaitS: integer(members, "max-wait"),
    maxLimit: integer(members, "max-limit"),
    heartbeatS: integer(members, "heartbeat"),
    keyTtlS: integer(members, "key-ttl"),
    publish: members.get("publish") === true,
    event: members.get("event") === true,
  };
}

function integer(members: Dictionary, name: string): number | undefined {
  const value = members.get(name);
  return typeof value === "number" && Number.isInteger(value) ? value : undefined;
}

function mechanisms(value: BareItem | readonly BareItem[] | undefined): Mechanism[] {
  if (!Array.isArray(value)) return ["poll"];
  const words = value.map((item: BareItem) => (item instanceof Token ? item.text : ""));
  return MECHANISMS.filter((mechanism) => words.includes(mechanism));
}

/** The kind of a request: by mechanism, a publish, or `other`, such as `OPTIONS`. */
export type RequestKind = "poll" | "long-poll" | "sse" | "publish" | "other";

/** Every {@link RequestKind}, in the order of reports. */
export const REQUEST_KINDS: readonly RequestKind[] = ["poll", "long-poll", "sse", "publish", "other"];

/** The kind of a request, judged by the request alone, not by the answer. */
export function requestKind(request: Pick<WireRequest, "method" | "target" | "headers">): RequestKind {
  const { method, target, headers } = request;
  if (method === "POST" || method === "DELETE") return "publish";
  if (method !== "GET" && method !== "HEAD") return "other";
  const query = new URLSearchParams(target.split("?")[1] ?? "");
  const accepts = header(headers, "accept") ?? "";
  if (method === "GET" && (query.has("stream") || /text\/event-stream/i.test(accepts))) return "sse";
  return query.has("wait") ? "long-poll" : "poll";
}
