import { ProtocolError } from "../problem.ts";

/** The longest key, in characters between the quotes. */
const MAX_KEY_LENGTH = 255;

// An RFC 9651 string: printable ASCII in quotes; \" and \\ are the only escapes.
const QUOTED = /^ *"((?:[ !#-[\]-~]|\\["\\])*)" *$/;
const PRINTABLE = /^[ -~]+$/;

/**
 * Parse the key in an `Idempotency-Key` field.
 *
 * @throws ProtocolError `invalid-header` if it is not one quoted string of 1 to 255 characters.
 */
export function parseIdempotencyKey(header: string): string {
  const key = QUOTED.exec(header)?.[1]?.replace(/\\(.)/g, "$1");
  if (key !== undefined && key.length > 0 && key.length <= MAX_KEY_LENGTH) return key;
  throw new ProtocolError(
    "invalid-header",
    "Idempotency-Key has to be one quoted string of 1 to 255 characters",
    {
      members: { header: "Idempotency-Key" },
    },
  );
}

/**
 * Format a key as an `Idempotency-Key` field.
 *
 * @throws TypeError if the key is not 1 to 255 characters of printable ASCII.
 */
export function formatIdempotencyKey(key: string): string {
  if (key.length > MAX_KEY_LENGTH || !PRINTABLE.test(key))
    throw new TypeError("an idempotency key has to be 1 to 255 characters of printable ASCII");
  return `"${key.replace(/["\\]/g, "\\$&")}"`;
}
