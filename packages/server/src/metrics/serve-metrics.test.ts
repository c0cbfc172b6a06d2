import { test } from "uvu";
import * as assert from "uvu/assert";
import { openStream } from "../../../../testing/servers/event-source.ts";
import { serving } from "../../test/tidemark-command.ts";

/** The pages of the server for operators, whose address the command prints. */
function managementOf(stdout: string): string {
  return /^metrics and health checks on (.*)$/m.exec(stdout)?.[1] ?? "";
}

for (const workers of ["1", "2"])
  test(`the metrics of all workers are summed, on both ports (workers: ${workers})`, () =>
    serving(
      ["--metrics", "--metrics-port", "0", "--workers", workers, "--metrics-class", "a=a*", "b=b*"],
      async (base, { output }) => {
        const streams = await Promise.all([0, 1, 2, 3].map(() => openStream(`${base}a`)));
        for (const stream of streams) assert.is((await stream.event())?.event, "$open");
        await fetch(`${base}a`, {
          method: "POST",
          headers: { "Content-Type": "application/json" },
          body: '{"messages":[{"data":1}]}',
        });
        for (const stream of streams) assert.is((await stream.message())?.data, "1");
        const own = managementOf(output.stdout);
        for (const url of [new URL("/metrics", base), new URL("/metrics", own)]) {
          const response = await fetch(url);
          assert.match(response.headers.get("content-type") ?? "", /^text\/plain; version=0\.0\.4/);
          const text = await response.text();
          assert.match(text, /^tidemark_streams 4$/m);
          assert.match(text, /^tidemark_appended_messages_total\{class="a"\} 1$/m);
          assert.match(text, /^tidemark_delivered_messages_total\{mechanism="sse"\} 4$/m);
          assert.match(text, /^nodejs_eventloop_lag_p99_seconds /m);
          if (workers === "2") assert.match(text, /^tidemark_workers 2$/m);
        }
        for (const [path, line] of [
          ["/healthz", "ok\n"],
          ["/readyz", "ready\n"],
        ] as const)
          assert.is(await (await fetch(new URL(path, own))).text(), line);
        for (const stream of streams) stream.close();
      },
    ));

test("without the flags there are no metrics, and a class without a pattern is rejected", () =>
  serving([], async (base, { output }) => {
    assert.is((await fetch(new URL("/metrics", base))).status, 404);
    assert.is(managementOf(output.stdout), "");
  }));

test.run();
