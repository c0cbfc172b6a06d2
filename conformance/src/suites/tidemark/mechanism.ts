import { header } from "../../engine/wire/headers.ts";
import type { WireRequest } from "../../engine/wire/request.ts";

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
