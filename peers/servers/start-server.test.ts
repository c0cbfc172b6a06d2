// Each third-party server starts as its README shows, and delivers what is published.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { readUntil } from "./read-until.ts";
import { SERVERS } from "./servers.ts";
import { startServer } from "./start-server.ts";

for (const server of Object.values(SERVERS).filter(({ id }) => id !== "mcp-sdk"))
  test(`${server.id} delivers what is published`, async () => {
    const running = await startServer(server);
    try {
      await readUntil(running.url, /tick/); // a reader that is there
      const reading = readUntil(running.url, /published/);
      const timer = setInterval(
        () => void fetch(running.publish ?? "", { method: "POST", body: "published" }),
        300,
      );
      try {
        assert.match(await reading, /published/);
      } finally {
        clearInterval(timer);
      }
      assert.ok(running.isAlive());
    } finally {
      await running.close();
    }
  });

test("a program that fails is reported with what it said", async () => {
  const missing = { id: "none", packages: ["hono"], program: "no-such-program.ts" };
  const error = await startServer(missing).then(
    () => undefined,
    (reason: Error) => reason,
  );
  assert.match(error?.message ?? "", /no-such-program/);
});

test.run();
