// Unusual but legal clients meet every requirement: the suite demands no more than the specification.
import { type Hello, type RunReport, runClient } from "@tidemark/conformance";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { createAdapter, hello } from "../../examples/adapters/tidemark.mjs";
import { connectInProcess } from "../src/clients/connect.ts";
import { SLOW } from "../src/clients/kill-client.ts";
import { CLIENT_VARIANTS } from "../src/clients/variants.ts";

async function reportOn(make: (typeof CLIENT_VARIANTS)[string]): Promise<RunReport> {
  const adapter = connectInProcess(hello as Hello, (tell) => createAdapter(tell, make));
  for await (const event of runClient({ adapter, skip: SLOW, seed: 1 }))
    if (event.type === "run-finished") return event.report;
  throw new Error("the run ended without a report");
}

for (const [name, make] of Object.entries(CLIENT_VARIANTS))
  test(`a client that ${name} meets every requirement`, async () => {
    const { tests } = await reportOn(make);
    const bad = tests.filter(({ outcome }) => ["fail", "warn", "error"].includes(outcome));
    assert.equal(
      bad.map(({ id, detail, requirements }) => `${id} ${detail} ${JSON.stringify(requirements)}`),
      [],
    );
    const passed = tests.filter(({ outcome }) => outcome === "pass");
    assert.ok(passed.length > 0.9 * tests.length, `${passed.length} of ${tests.length} passed`);
    const revalidates = passed.some(({ id }) => id.includes("not-modified"));
    assert.is(revalidates, name === "has a cache");
  });

test.run();
