import { test } from "uvu";
import * as assert from "uvu/assert";
import { serveUnseen } from "../src/unseen/serve-unseen.ts";
import { SERVERS, unseenMutants } from "../src/unseen/unseen-mutants.ts";

for (const server of SERVERS)
  for (const mutant of await unseenMutants(server))
    test(`${server}, ${mutant.id}: it starts, takes a publish and answers a poll`, async () => {
      const served = await serveUnseen(mutant);
      try {
        const url = served.url.replace("{channel}", "start");
        const published = await fetch(url, {
          method: "POST",
          headers: { "Content-Type": "application/json" },
          body: JSON.stringify({ messages: [{ data: "first" }] }),
        });
        assert.is(published.status, 200);
        const page = (await (await fetch(url)).json()) as { messages: { data: unknown }[] };
        assert.equal(
          page.messages.map(({ data }) => data),
          ["first"],
        );
      } finally {
        await served.close();
      }
    });

test.run();
