// The recorded samples of each vocabulary are what its data says.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { EventStreamReader } from "../../engine/wire/event-stream.ts";
import type { StreamEvent } from "./observe/stream.ts";
import { guessVocabulary, loadVocabularies, matchesAny } from "./vocabulary.ts";

const all = loadVocabularies();

function eventsOf(sample: string): readonly StreamEvent[] {
  const reader = new EventStreamReader();
  reader.push(Buffer.from(sample), 0);
  return reader.blocks.filter((block): block is StreamEvent => block.data !== undefined);
}

for (const vocabulary of all.values())
  for (const sample of vocabulary.samples)
    test(`${vocabulary.name}: the sample is recognized, and every event of it is known`, () => {
      const events = eventsOf(sample);
      assert.is(guessVocabulary(all, events).name, vocabulary.name);
      const { frames, terminal, errors, pings, finite } = vocabulary;
      for (const event of events)
        assert.ok(
          frames.length === 0 || [frames, terminal, errors, pings].some((rules) => matchesAny(rules, event)),
          event.data,
        );
      const last = events.at(-1);
      if (finite) assert.ok(last && matchesAny(terminal, last), "the last event is terminal");
    });

test("ten vocabularies are shipped, and plain is the fallback", () => {
  assert.is(all.size, 10);
  assert.is(guessVocabulary(all, eventsOf("data: 1\n\n")).name, "plain");
});

test.run();
