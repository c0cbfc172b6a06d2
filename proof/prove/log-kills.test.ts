// A few kills each; the whole number is run by `npm run kill-logs`.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { killUnderLoad, RIGS } from "../src/logs/kills.ts";

const KILLS = 12;

for (const [name, start] of Object.entries(RIGS))
  test(`${name}: killed under load, nothing acknowledged is lost or doubled, and readers go on`, async () => {
    const { lost, doubled, astray, acknowledged, sentAgain, resumed } = await killUnderLoad(start, KILLS);
    assert.equal({ lost, doubled, astray }, { lost: 0, doubled: 0, astray: 0 });
    assert.ok(acknowledged >= KILLS * 20 && sentAgain > 0, "publishers were cut off under load");
    assert.ok(resumed > 0, "readers were cut off, and went on");
  });

test.run();
