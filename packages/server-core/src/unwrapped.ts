import { ServerResponse } from "node:http";

/** Node's own methods, as they were when this module was loaded. */
const { writeHead, setHeader, write, end } = ServerResponse.prototype;

/**
 * Whether nobody replaced a method of the response through which its head or its body goes. Wrappers (compression,
 * sessions, time-outs, monitoring) replace at least one of them, on the response or on its prototype.
 */
export function isUnwrapped(res: ServerResponse): boolean {
  return res.writeHead === writeHead && res.end === end && res.write === write && res.setHeader === setHeader;
}

/**
 * Let go of what an open stream keeps of its head: the fields of the request, and the text of those of the answer,
 * which is of no use once it was sent, but to tell that it was. It is more than all the rest that we keep of a stream.
 */
export function forgetHead(res: ServerResponse & { _header?: unknown }): void {
  res.req.headers = {};
  res.req.rawHeaders = [];
  if (typeof res._header === "string" && res.headersSent) res._header = "sent";
}

/** Whether what is written to the connection as chunks is what the client would get through the response. */
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
