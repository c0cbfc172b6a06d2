/** A request, as a scripted server received it. */
export interface SeenRequest {
  readonly method: string;
  readonly target: string;
  /** Header lines by lower-case name. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
  /** All of its text, unchanged. */
  readonly raw: string;
}

/** Parse a request; undefined while it is incomplete. */
export function takeRequest(bytes: Buffer): SeenRequest | undefined {
  const end = bytes.indexOf("\r\n\r\n");
  if (end === -1) return undefined;
  const [first = "", ...lines] = bytes.toString("latin1", 0, end).split("\r\n");
  const headers = new Map(
    lines.map((line) => [
      line.slice(0, line.indexOf(":")).toLowerCase(),
      line.slice(line.indexOf(":") + 1).trim(),
    ]),
  );
  const body = bytes.subarray(end + 4);
  if (body.length < Number(headers.get("content-length") ?? 0)) return undefined;
  const [method = "", target = ""] = first.split(" ");
  return { method, target, headers, body: body.toString("utf8"), raw: bytes.toString("latin1") };
}
