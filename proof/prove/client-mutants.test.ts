import { test } from "uvu";
import * as assert from "uvu/assert";
import { type ClientKill, killClient } from "../src/clients/kill-client.ts";
import type { ClientMutant } from "../src/clients/mutant.ts";
import { CLIENT_MUTANTS } from "../src/clients/mutants.ts";

/** How many mutants run at once; most of the time they wait. */
const AT_ONCE = 4;

/** So broken that many tests run into their timeouts. `npm run client-mutants` includes these. */
const LONG: ReadonlySet<string> = new Set(["no-cursor-on-reconnect", "first-cursor-always", "says-it-twice"]);

const waiting = CLIENT_MUTANTS.filter(({ id }) => !LONG.has(id));
const kills = new Map<ClientMutant, ClientKill>();

// Runs only the tests of the requirements that a mutant breaks. kill-clients.ts runs all tests, which shows that the
// suite reports nothing else.
test("the suite runs against every broken client", async () => {
  const left = [...waiting];
  const work = async (): Promise<void> => {
    for (let mutant = left.shift(); mutant; mutant = left.shift())
      kills.set(mutant, await killClient(mutant, mutant.breaks));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  assert.is(kills.size, waiting.length);
});

for (const mutant of waiting)
  test(`${mutant.id}: ${mutant.title}`, () => {
    const kill = kills.get(mutant);
    assert.equal(kill?.errors, []);
    assert.equal([...(kill?.found ?? [])].sort(), [...mutant.breaks].sort());
  });

test.run();
