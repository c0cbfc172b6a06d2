import { ServerResponse } from "node:http";

/** Node's own methods at the time when this module was loaded. */
const { writeHead, setHeader, write, end } = ServerResponse.prototype;

/**
 * Whether no code has replaced a method that writes the head or the body of the response. Wrappers (compression,
 * sessions, timeouts, monitoring) replace at least one of them, on the response or on its prototype.
 */
export function isUnwrapped(res: ServerResponse): boolean {
  return res.writeHead === writeHead && res.end === end && res.write === write && res.setHeader === setHeader;
}

/**
 * Release the head of an open stream: the fields of the request, and the text of the answer's head, which Node only
 * needs to know that it was sent. The head takes more memory than everything else that we keep for a stream.
 */
export function forgetHead(res: ServerResponse & { _header?: unknown }): void {
  res.req.headers = {};
  res.req.rawHeaders = [];
  if (typeof res._header === "string" && res.headersSent) res._header = "sent";
}

/** Whether chunks can be written straight to the connection: the client gets the same as through the response. */
export function isBare(res: ServerResponse): boolean {
  return (
    res instanceof ServerResponse &&
    res.chunkedEncoding &&
    res.req.httpVersion === "1.1" &&
    !res.hasHeader("Content-Encoding") &&
    isUnwrapped(res) &&
    res.socket !== null
  );
}
