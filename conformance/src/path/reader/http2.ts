import { once } from "node:events";
import { type ClientHttp2Session, connect, constants, type IncomingHttpHeaders } from "node:http2";
import { connect as connectTls } from "node:tls";
import { type Ask, Fetching } from "./fetching.ts";

/** Ask a TLS server whether it speaks HTTP/2. Resolves to a session, or undefined if it does not. */
export async function openHttp2(url: URL, insecure: boolean): Promise<ClientHttp2Session | undefined> {
  if (url.protocol !== "https:") return undefined;
  const socket = connectTls({
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: Number(url.port || 443),
    ...(/^[\d.]+$|:/.test(url.hostname) ? {} : { servername: url.hostname }),
    ALPNProtocols: ["h2", "http/1.1"],
    rejectUnauthorized: !insecure,
  });
  await once(socket, "secureConnect", { signal: AbortSignal.timeout(10_000) });
  if (socket.alpnProtocol !== "h2") {
    socket.destroy();
    return undefined;
  }
  return connect(url.origin, { createConnection: () => socket });
}

/** Send a request by HTTP/2. It never rejects: failures are part of the result. */
export function fetchHttp2({ url, method, headers, body }: Ask, session: ClientHttp2Session): Fetching {
  const fetching = new Fetching();
  const lower = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  const stream = session.request(
    { ":method": method, ":path": url.pathname + url.search, ...lower },
    { endStream: body === undefined },
  );
  fetching.reused = true;
  fetching.wire = {
    pause: () => stream.pause(),
    resume: () => stream.resume(),
    drop: () => stream.close(constants.NGHTTP2_CANCEL),
  };
  stream.on("headers", (interim) => fetching.interim.push(Number(interim[":status"])));
  stream.on("response", (head) => fetching.takeHead(Number(head[":status"]), fieldsOf(head)));
  stream.on("data", (bytes: Uint8Array) => fetching.takeBody(bytes));
  stream.on("trailers", (trailers) => {
    fetching.trailers = fieldsOf(trailers);
  });
  stream.on("error", (error: NodeJS.ErrnoException) => {
    fetching.failure ??= error.code ?? error.message;
  });
  let hasEnded = false;
  stream.on("end", () => {
    hasEnded = true;
  });
  stream.on("close", () => fetching.finish(hasEnded && stream.rstCode === 0 ? "complete" : "broken"));
  if (body) stream.end(body);
  return fetching;
}

function fieldsOf(head: IncomingHttpHeaders): readonly (readonly [string, string])[] {
  return Object.entries(head)
    .filter(([name]) => !name.startsWith(":"))
    .map(([name, value]) => [name, Array.isArray(value) ? value.join(", ") : (value ?? "")] as const);
}
