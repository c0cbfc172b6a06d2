import { createHash } from "node:crypto";
import { ProtocolError, type Published, parseIdempotencyKey, parsePublish } from "@tidemark/protocol";
import {
  type Answer,
  type ChannelContext,
  type ChannelRequest,
  jsonAnswer,
  type Mechanism,
} from "@tidemark/server-core";

/** Options of {@link publishMechanism}. */
export interface PublishOptions {
  /** The largest body, in bytes. @defaultValue 1_048_576 */
  readonly maxBodyBytes?: number;
  /** The most messages in one publish. @defaultValue 1_000 */
  readonly maxMessages?: number;
  /** How long the log remembers idempotency keys, in seconds; `null` refuses keys. @defaultValue 86_400 */
  readonly keyTtlS?: number | null;
  /** Offer `DELETE`. @defaultValue true */
  readonly remove?: boolean;
}

type Settings = Required<PublishOptions>;

/** Publishing as a mechanism, to combine with others. Spec: publishing. */
export function publishMechanism(options: PublishOptions = {}): Mechanism {
  const { maxBodyBytes = 1_048_576, maxMessages = 1_000, keyTtlS = 86_400, remove = true } = options;
  if (keyTtlS !== null && !(Number.isInteger(keyTtlS) && keyTtlS >= 1))
    throw new RangeError(`keyTtlS has to be a whole number of at least 1, or null, not ${keyTtlS}`);
  const settings: Settings = { maxBodyBytes, maxMessages, keyTtlS, remove };
  return {
    name: "publish",
    methods: remove ? ["POST", "DELETE"] : ["POST"],
    claims: () => ({ publish: true, ...(keyTtlS !== null && { keyTtlS }) }),
    admit: ({ method, headers }) => {
      if (method !== "POST") return;
      assertJson(headers["content-type"]);
      assertPlain(headers["content-encoding"]);
    },
    accepts: () => true,
    answer: (request, channel) =>
      request.method === "POST" ? publish(request, channel, settings) : removeChannel(channel),
  };
}

/** Only JSON: an HTML form of another origin cannot send it without a preflight. Spec: publishing, PUB-TYPE-1. */
function assertJson(contentType: string | undefined): void {
  const [type = ""] = (contentType ?? "").split(";", 1);
  if (type.trim().toLowerCase() !== "application/json")
    throw new ProtocolError("unsupported-type", "The Content-Type of a publish has to be application/json");
}

/** Compressed bodies are rejected, since their decompressed size has no bound. Spec: publishing, PUB-TYPE-2. */
function assertPlain(contentEncoding: string | undefined): void {
  const coding = (contentEncoding ?? "").trim().toLowerCase();
  if (coding !== "" && coding !== "identity")
    throw new ProtocolError(
      "unsupported-type",
      "Content-Encoding is not supported: send the body uncompressed",
    );
}

async function publish(
  request: ChannelRequest,
  channel: ChannelContext,
  settings: Settings,
): Promise<Answer> {
  const { headers, principal } = request;
  const bytes = await request.readBody(settings.maxBodyBytes);
  const key = keyOf(headers["idempotency-key"], settings.keyTtlS);
  const { drafts, close, after } = parsePublish(bytes, { maxMessages: settings.maxMessages });
  const asked = drafts.length > 0 || close ? channel.admitWrite() : undefined;
  if (asked !== undefined) await asked;
  const { cursors, cursor, closed } = await channel.log.append(channel.name, drafts, {
    ...(key !== undefined && { key: { id: `${principal}\n${key}`, digest: digestOf(bytes) } }),
    ...(after !== undefined && { after }),
    close,
  });
  const published: Published = { cursors, cursor, ...(closed && { closed }) };
  return jsonAnswer(200, published);
}

async function removeChannel(channel: ChannelContext): Promise<Answer> {
  await channel.log.remove(channel.name);
  return { status: 204, headers: {} };
}

/** The key of a publish. A key is rejected if keys are not offered: ignoring it would append twice. Spec: PUB-KEY-6. */
function keyOf(header: string | readonly string[] | undefined, keyTtlS: number | null): string | undefined {
  if (header === undefined) return undefined;
  if (keyTtlS !== null) return parseIdempotencyKey(String(header));
  throw new ProtocolError("invalid-header", "Idempotency keys are not offered here", {
    members: { header: "Idempotency-Key" },
  });
}

function digestOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
