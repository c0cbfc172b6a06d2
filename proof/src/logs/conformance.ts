import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { LogHarness } from "@tidemark/log/contract";
import { controlled } from "@tidemark/server/control";
import Koa from "koa";
import { mainOf } from "../../../tools/launch.mjs";

/** What the suite said, and how it ended. */
export interface Verdict {
  readonly code: unknown;
  readonly output: string;
}

/** Hold a server on a log to the whole specification, faults included: every MUST has to be verified. */
export async function conform(harness: LogHarness): Promise<Verdict> {
  const subject = await harness.create();
  const app = new Koa().use(controlled(subject));
  app.silent = true; // connections that the suite cuts off
  const server = createServer(app.callback()).listen(0, "127.0.0.1");
  await once(server, "listening");
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    const target = [
      "server",
      `${base}/channels/{channel}`,
      "--control",
      `${base}/control`,
      "--require-complete",
    ];
    const suite = spawn(process.execPath, [...mainOf("conformance"), ...target], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [output, [code]] = await Promise.all([text(suite.stdout), once(suite, "close")]);
    return { code, output };
  } finally {
    server.closeAllConnections();
    server.close();
    await subject.dispose();
  }
}
