import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";

/** Serve on a free port while `run` runs. */
export async function serving(
  listener: RequestListener,
  run: (origin: string) => Promise<void>,
): Promise<void> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    await run(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}
