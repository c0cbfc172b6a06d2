// A few kills for each log; `npm run kill-logs` kills more often.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { killUnderLoad, RIGS } from "../src/logs/kills.ts";

const KILLS = 12;

for (const [name, start] of Object.entries(RIGS))
  test(`${name}: when killed under load, nothing acknowledged is lost or doubled, and readers resume`, async () => {
    const { lost, doubled, astray, acknowledged, sentAgain, resumed } = await killUnderLoad(start, KILLS);
    assert.equal({ lost, doubled, astray }, { lost: 0, doubled: 0, astray: 0 });
    assert.ok(acknowledged >= KILLS * 20 && sentAgain > 0, "no publisher was cut off under load");
    assert.ok(resumed > 0, "no reader was cut off and resumed");
  });

test.run();
