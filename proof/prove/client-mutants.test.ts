import { test } from "uvu";
import * as assert from "uvu/assert";
import { type ClientKill, killClient } from "../src/clients/kill-client.ts";
import type { ClientMutant } from "../src/clients/mutant.ts";
import { CLIENT_MUTANTS } from "../src/clients/mutants.ts";

/** Mutants under way at once: they wait for most of their time. */
const AT_ONCE = 4;

/** Broken in so much that tests wait long for what does not come; the whole matrix has them. */
const LONG: ReadonlySet<string> = new Set(["no-cursor-on-reconnect", "first-cursor-always", "says-it-twice"]);

const waiting = CLIENT_MUTANTS.filter(({ id }) => !LONG.has(id));
const kills = new Map<ClientMutant, ClientKill>();

// Only the tests of what it breaks: that it is killed. That nothing else is blamed, kill-clients.ts shows.
test("broken clients are killed by the requirements that they declare", async () => {
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
