import type { Log } from "@tidemark/log";
import { ProtocolError } from "@tidemark/protocol";
import { digestOf } from "../nodes/names.ts";

const KEY = /^[\x21-\x7e](?:[ -~]{0,253}[\x21-\x7e])?$/;

/** The `Idempotency-Key` of a request. @throws ProtocolError `invalid-header` */
export function keyOf(request: Request): string | undefined {
  const key = request.headers.get("idempotency-key");
  if (key === null || KEY.test(key)) return key ?? undefined;
  throw new ProtocolError("invalid-header", "An Idempotency-Key has 1 to 255 printable ASCII characters", {
    members: { header: "Idempotency-Key" },
  });
}

/** Tells requests with the same key apart: by method, URL and body, if nobody has read the body yet. */
export async function requestDigest(request: Request): Promise<string> {
  const { method, url } = request;
  if (request.body === null || request.bodyUsed || request.body.locked) return digestOf(method, url);
  return digestOf(method, url, new Uint8Array(await request.clone().arrayBuffer()));
}

/**
 * Claim a key for a run. Returns the id of the run that has the key: this one, or the one that was first.
 * @throws ProtocolError `key-reused` if the key was used for another request
 */
export async function claimKey(
  log: Log,
  channel: string,
  claim: { run: string; digest: string },
): Promise<string> {
  for (;;) {
    const { messages, cursor } = await log.read(channel, "start", { maxMessages: 1 });
    const [first] = messages;
    if (first !== undefined) {
      const { run, digest } = JSON.parse(first.json) as typeof claim;
      if (digest === claim.digest) return run;
      throw new ProtocolError("key-reused", "The key was used for another request");
    }
    try {
      await log.append(channel, [{ json: JSON.stringify(claim) }], { after: cursor });
      return claim.run;
    } catch (error) {
      if (!(error instanceof ProtocolError && error.code === "not-at-end")) throw error;
    }
  }
}
