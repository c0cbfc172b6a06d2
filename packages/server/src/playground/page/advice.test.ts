import { test } from "uvu";
import * as assert from "uvu/assert";
import { advise, type Situation } from "./advice.ts";

const ORDINARY: Situation = { rate: 5, pollMs: 5_000, hold: false, cut: false, cutAfterS: 0 };

const ROWS: readonly [change: Partial<Situation>, choice: string | undefined, says: RegExp][] = [
  [{}, "sse", /about 5 per second.* 2\.5 s late/],
  [{ rate: 0.5, pollMs: 500 }, "sse", /about 0\.5 per second.* 250 ms late/],
  [{ rate: undefined }, "sse", /new request for each message/],
  [{ rate: 0.1 }, "polling", /up to 5 s is acceptable/],
  [{ hold: true }, "long-polling", /holds answers back/],
  [{ hold: true, cutAfterS: 1 }, "long-polling", /holds answers back/],
  [{ cutAfterS: 2 }, "polling", /cut after 2 s/],
  [{ cutAfterS: 60 }, "sse", /at once/],
  [{ cut: true, hold: true }, undefined, /nothing is lost/],
];

for (const [change, choice, says] of ROWS)
  test(`the advice for ${JSON.stringify(change)} is ${choice}`, () => {
    const advice = advise({ ...ORDINARY, ...change });
    assert.is(advice.choice, choice);
    assert.match(advice.text, says);
  });

test.run();
