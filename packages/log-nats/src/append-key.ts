import { createHash } from "node:crypto";
import { keyDigest } from "./names.ts";

/** The digests of an idempotency key and of the body that it was sent with. */
export interface AppendKey {
  readonly id: string;
  readonly digest: string;
}

/** The key of an append in an epoch of its channel. */
export function keyOf(
  channel: string,
  epoch: string,
  { id, digest }: { readonly id: string; readonly digest: string },
): AppendKey {
  return {
    id: keyDigest(channel, epoch, id),
    digest: createHash("sha256").update(digest).digest("base64url"),
  };
}
