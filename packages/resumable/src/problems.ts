import { type ProblemCode, ProtocolError } from "@tidemark/protocol";

/** The problems that `authorize` can name by the `status` of its error. */
const CODES: ReadonlyMap<unknown, ProblemCode> = new Map<unknown, ProblemCode>([
  [401, "unauthorized"],
  [403, "forbidden"],
  [404, "no-such-channel"],
  [429, "too-many-requests"],
  [503, "unavailable"],
]);

/** The problem that an error of `authorize` names, or the error itself. */
export function asRefusal(error: unknown): unknown {
  if (error instanceof ProtocolError || typeof error !== "object" || error === null) return error;
  const code = "status" in error ? CODES.get(error.status) : undefined;
  return code ? new ProtocolError(code, "The application refused the request", { cause: error }) : error;
}

/** The answer for a problem. */
export function problemResponse(error: ProtocolError): Response {
  const headers = new Headers({ "Content-Type": "application/problem+json", "Cache-Control": "no-store" });
  if (error.code === "unauthorized") headers.set("WWW-Authenticate", "Bearer");
  if (error.status === 429 || error.status === 503)
    headers.set("Retry-After", String(error.retryAfterS ?? 2));
  return new Response(JSON.stringify(error.toProblem()), { status: error.status, headers });
}

/** The problem of an id that no run has. */
export function noSuchRun(): ProtocolError {
  return new ProtocolError("no-such-channel", "There is no run with this id: it may have been removed");
}
