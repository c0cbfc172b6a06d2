import { connect } from "node:net";

/** The first bytes that a request written by hand gets. */
export function head(url: string, text: string): Promise<string> {
  const { hostname, port, pathname, search } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () =>
      socket.write(text.replace("PATH", pathname + search).replace("HOST", hostname)),
    );
    let seen = "";
    socket.setEncoding("latin1").on("error", reject);
    socket.on("data", (part: string) => {
      seen += part;
      if (!seen.includes("\r\n\r\n")) return;
      socket.destroy();
      resolve(seen);
    });
  });
}

/** Whether nothing in the head of the stream tells proxies to forward it at once. */
export async function isSilentToProxies({ url }: { readonly url: string }): Promise<boolean> {
  const got = await head(url, "GET PATH HTTP/1.1\r\nHost: HOST\r\nAccept: text/event-stream\r\n\r\n");
  return !/^(?:x-accel-buffering: *no|incremental: *\?1)\r$/im.test(got);
}
