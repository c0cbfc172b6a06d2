import type { IncomingMessage, ServerResponse } from "node:http";
import { MemoryLog } from "@tidemark/log-memory";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { serve } from "../koa/serve.ts";

test("handle names the mistake if it gets a web Request, instead of answering that the path is not a channel", () => {
  const channels = serve(new MemoryLog(), []);
  for (const path of ["/channels/a", "/other"]) {
    const request = new Request(`http://127.0.0.1${path}`) as unknown as IncomingMessage;
    const call = (): unknown => channels.handle(request, new Response() as unknown as ServerResponse);
    assert.throws(
      call,
      (error: Error) =>
        error instanceof TypeError && /fetchHandler .* takes a web Request/.test(error.message),
    );
  }
});

test.run();
