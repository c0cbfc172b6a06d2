// A server of web requests and responses for Node, Deno or Bun. Prints its port.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { MemoryLog } from "@tidemark/log-memory";
import { mechanismsOf } from "@tidemark/server";
import { ChannelServer } from "@tidemark/server-core";
import { fetchHandler } from "@tidemark/server-core/fetch";
import { listenerOf } from "../../../testing/servers/node-fetch.ts";

interface Platforms {
  readonly Deno?: {
    serve(
      options: { readonly port: 0; readonly hostname: string; onListen(address: { port: number }): void },
      handle: (
        request: Request,
        info: { readonly remoteAddr: { readonly hostname: string } },
      ) => Promise<Response>,
    ): unknown;
  };
  readonly Bun?: {
    serve(options: {
      readonly port: 0;
      readonly hostname: string;
      readonly idleTimeout: 0;
      fetch(
        request: Request,
        server: { requestIP(request: Request): { readonly address: string } | null },
      ): Promise<Response>;
    }): { readonly port: number };
  };
}

// The suite waits for a heartbeat.
const mechanisms = mechanismsOf({ sse: { heartbeatS: 2 } });
const channels = new ChannelServer<Request>(new MemoryLog(), mechanisms, { eventFilter: true });
const handle = fetchHandler<readonly [address: string]>(channels, { remoteAddress: (_, address) => address });
const { Deno, Bun } = globalThis as Platforms;
const at = { port: 0, hostname: "127.0.0.1" } as const;

if (Deno)
  Deno.serve({ ...at, onListen: ({ port }) => console.log(port) }, (request, { remoteAddr }) =>
    handle(request, remoteAddr.hostname),
  );
else if (Bun) {
  const { port } = Bun.serve({
    ...at,
    idleTimeout: 0,
    fetch: (request, server) => handle(request, server.requestIP(request)?.address ?? ""),
  });
  console.log(port);
} else {
  const server = createServer(listenerOf(handle));
  server.listen(at.port, at.hostname, () => console.log((server.address() as AddressInfo).port));
}
