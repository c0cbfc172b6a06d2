import { parseDictionary, type StructuredValue } from "./structured-field.ts";

/** How a channel can be read, in the order in which a server lists its mechanisms. */
const MECHANISMS = ["poll", "long-poll", "sse"] as const;

/** How a channel can be read. */
export type MechanismName = (typeof MECHANISMS)[number];

/** What a server claims about itself, in the `Tidemark` field of every answer. */
export interface Claims {
  readonly version: number;
  /** `["poll"]` if the field does not say. */
  readonly mechanisms: readonly MechanismName[];
  /** The longest wait of a long poll, in seconds. */
  readonly maxWaitS?: number;
  /** The most messages in a page. */
  readonly maxLimit?: number;
  /** The longest silence of a stream, in seconds. */
  readonly heartbeatS?: number;
  /** How long an idempotency key is remembered, in seconds; absent if keys are not offered. */
  readonly keyTtlS?: number;
  /** Whether `POST` is offered. */
  readonly publish: boolean;
  /** Whether the filter `event=` is offered. */
  readonly event: boolean;
}

/** The highest values that the specification allows, in seconds. */
const MAX_WAIT_S = 3_600;
const MAX_HEARTBEAT_S = 300;

/**
 * Format the `Tidemark` field, a dictionary (RFC 9651). Mechanisms that the protocol does not define come last.
 * @throws TypeError if the name of a mechanism is not a token
 */
export function formatClaims(
  claims: Omit<Claims, "mechanisms"> & { readonly mechanisms: readonly string[] },
): string {
  const { version, mechanisms, maxWaitS, maxLimit, heartbeatS, keyTtlS, publish, event } = claims;
  const members = [`v=${version}`, `mechanisms=(${inOrder(mechanisms).join(" ")})`];
  if (maxWaitS !== undefined) members.push(`max-wait=${maxWaitS}`);
  if (maxLimit !== undefined) members.push(`max-limit=${maxLimit}`);
  if (heartbeatS !== undefined) members.push(`heartbeat=${heartbeatS}`);
  if (keyTtlS !== undefined) members.push(`key-ttl=${keyTtlS}`);
  if (publish) members.push("publish");
  if (event) members.push("event");
  return members.join(", ");
}

/** A token of RFC 9651. */
const TOKEN = /^[a-z*][\w!#$%&'*+.^`|~:/-]*$/i;

function inOrder(names: readonly string[]): readonly string[] {
  const bad = names.find((name) => !TOKEN.test(name));
  if (bad !== undefined)
    throw new TypeError(`The name of a mechanism has to be a token, not ${JSON.stringify(bad)}`);
  return [
    ...MECHANISMS.filter((name) => names.includes(name)),
    ...names.filter((name) => !isMechanism(name)),
  ];
}

/**
 * Parse the `Tidemark` field. Returns undefined if it is absent, is not a dictionary or has no version: the
 * answer is then not from a Tidemark server. Members that are unknown, of the wrong type or out of range
 * count as absent. Spec: core, CORE-CLAIM-5 and 6.
 */
export function parseClaims(header: string | null): Claims | undefined {
  const members = header === null ? undefined : parseDictionary(header);
  const version = integer(members?.get("v"));
  if (members === undefined || version === undefined) return undefined;
  const maxWaitS = integer(members.get("max-wait"), MAX_WAIT_S);
  const maxLimit = integer(members.get("max-limit"));
  const heartbeatS = integer(members.get("heartbeat"), MAX_HEARTBEAT_S);
  const keyTtlS = integer(members.get("key-ttl"));
  return {
    version,
    mechanisms: readMechanisms(members.get("mechanisms")),
    ...(maxWaitS === undefined ? {} : { maxWaitS }),
    ...(maxLimit === undefined ? {} : { maxLimit }),
    ...(heartbeatS === undefined ? {} : { heartbeatS }),
    ...(keyTtlS === undefined ? {} : { keyTtlS }),
    publish: isTrue(members.get("publish")),
    event: isTrue(members.get("event")),
  };
}

/** A whole number from 1 up to `most`. */
function integer(
  value: StructuredValue | undefined,
  most: number = Number.MAX_SAFE_INTEGER,
): number | undefined {
  if (value?.type !== "integer") return undefined;
  return value.value >= 1 && value.value <= most ? value.value : undefined;
}

function isTrue(value: StructuredValue | undefined): boolean {
  return value?.type === "boolean" && value.value;
}

function readMechanisms(value: StructuredValue | undefined): readonly MechanismName[] {
  if (value?.type !== "list") return ["poll"];
  return value.items.flatMap((item) =>
    item.type === "token" && isMechanism(item.value) ? [item.value] : [],
  );
}

function isMechanism(name: string): name is MechanismName {
  return MECHANISMS.some((known) => known === name);
}
