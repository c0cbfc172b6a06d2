import { randomBytes, timingSafeEqual } from "node:crypto";

/** A new token: 128 random bits, which fit into a path unchanged. */
export function createToken(): string {
  return `tm-${randomBytes(16).toString("hex")}`;
}

/** What a token may be: long enough not to be guessed, and unchanged in a path. */
export const TOKEN_PATTERN: RegExp = /^[A-Za-z0-9_-]{16,80}$/;

/** What a request asks of the origin. */
export interface Route {
  readonly operation: string;
  readonly probe: string;
}

/** Look for the token in a path, at any depth, because a proxy may remove or add a prefix. */
export function findRoute(path: string, token: string): Route | "no-token" | "wrong-token" {
  const segments = path.split("/", MAX_SEGMENTS);
  const at = segments.findIndex((segment) => isSame(segment, token));
  if (at >= 0) return { operation: segments[at + 1] ?? "", probe: segments[at + 2] ?? "" };
  return segments.some((segment) => segment.startsWith("tm-")) ? "wrong-token" : "no-token";
}

const MAX_SEGMENTS = 32;

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
