import { test } from "uvu";
import * as assert from "uvu/assert";
import { count, createFigures, dropOld, percentile, WINDOW_MS } from "./figures.ts";

const message = (t: number, delayMs: number, lost = 0, repeated = 0) =>
  ({ t, type: "message", delayMs, lost, repeated }) as const;

test("percentiles are values that were measured (nearest rank)", () => {
  const samples = Array.from({ length: 100 }, (_, i) => ({ t: i, delayMs: 100 - i }));
  assert.is(percentile(samples, 0.5), 50);
  assert.is(percentile(samples, 0.99), 99);
  assert.is(percentile(samples.slice(0, 1), 0.99), 100);
  assert.is(percentile([], 0.5), undefined);
});

test("requests, ends, bodies and messages are counted", () => {
  const figures = createFigures();
  count(figures, { t: 0, type: "request", line: "GET /", up: 3 });
  count(figures, { t: 0, type: "request", line: "GET /", up: 4 });
  count(figures, { t: 1, type: "body", line: "x", down: 10 });
  count(figures, { t: 1, type: "body", line: "of unknown size" });
  count(figures, { t: 2, type: "size", down: 5 });
  count(figures, { t: 2, type: "end", line: "cut", failed: true });
  count(figures, message(3, 7, 2, 0));
  count(figures, message(3, 8, 0, 1));
  const { samples, ...counts } = figures;
  assert.equal(counts, {
    ...{ requests: 2, failed: 1, open: 1, bodyUp: 7, bodyDown: 15, messages: 2, lost: 2, repeated: 1 },
    state: "connecting",
  });
  assert.equal(
    samples.map(({ delayMs }) => delayMs),
    [7, 8],
  );
});

test("samples are kept for the window, and never more than a bound", () => {
  const figures = createFigures();
  for (let t = 0; t < 10_000; t += 1) count(figures, message(t, 1));
  assert.is(figures.samples.length, 4_096);
  assert.is(figures.messages, 10_000);
  dropOld(figures.samples, 10_000 + WINDOW_MS - 10);
  assert.is(figures.samples.length, 10);
  dropOld(figures.samples, 1e9);
  assert.is(figures.samples.length, 0);
});

test.run();
