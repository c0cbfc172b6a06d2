import assert from "node:assert/strict";
import type { Cursor, ProtocolError, RawDraft } from "@tidemark/protocol";
import type { Appended, AppendOptions, Log } from "../log.ts";
import { Choices } from "./choices.ts";
import type { LogHarness } from "./harness.ts";
import { readAll, startOf } from "./steps.ts";
import { Subject } from "./subject.ts";

const CHANNEL = "race";
const MOST_AT_ONCE = 7;

interface Attempt {
  readonly log: Log;
  readonly drafts: readonly RawDraft[];
  readonly options: AppendOptions;
}

/** What became of an attempt: its answer, or the code of its refusal. */
type Outcome = Attempt & { readonly appended?: Appended; readonly refused?: string };

/** Appends that race, round after round; after each the log must be one that some order of them explains. */
class Race {
  readonly #nodes: readonly Log[];
  readonly #choices: Choices;
  #end: Cursor;
  #formerEnd: Cursor;
  #drafts = 0;
  #rounds = 0;

  constructor(nodes: readonly Log[], choices: Choices, zero: Cursor) {
    this.#nodes = nodes;
    this.#choices = choices;
    this.#end = zero;
    this.#formerEnd = zero;
  }

  async run(): Promise<void> {
    while (!this.#choices.done) await this.#round();
  }

  async #round(): Promise<void> {
    this.#rounds += 1;
    const attempts = Array.from({ length: 1 + this.#choices.below(MOST_AT_ONCE) }, () => this.#attempt());
    const outcomes = await Promise.all(attempts.map(outcomeOf));
    // All at once: a page that is awaited later would reject without a handler where an earlier one fails.
    const pages = await Promise.all(this.#nodes.map((log) => readAll(log, CHANNEL, this.#end)));
    const [page] = pages;
    assert.ok(page, "a race has a node");
    for (const other of pages) assert.deepEqual(other, page, "every node has the same");
    this.#explain(outcomes, page.messages);
    if (page.cursor !== this.#end) this.#formerEnd = this.#end;
    this.#end = page.cursor;
  }

  #attempt(): Attempt {
    const log = this.#nodes[this.#choices.below(this.#nodes.length)] as Log;
    const drafts = Array.from({ length: 1 + this.#choices.below(3) }, () => ({ json: `${++this.#drafts}` }));
    const kind = this.#choices.below(5);
    if (kind === 3) return { log, drafts, options: { after: this.#end } };
    if (kind === 4) return { log, drafts, options: { after: this.#formerEnd } };
    if (kind === 0) return { log, drafts, options: {} };
    // The same publish, sent more than once: its body is its key's.
    const id = `${this.#rounds}/${this.#choices.below(2)}`;
    return { log, drafts: [{ json: `"${id}"` }], options: { key: { id, digest: id } } };
  }

  /** All that was acknowledged, and nothing else, stands there once; whoever named an end stands behind it. */
  #explain(
    outcomes: readonly Outcome[],
    messages: readonly { readonly cursor: Cursor; readonly json: string }[],
  ): void {
    const stored = outcomes.filter(({ appended }) => appended?.replayed === false);
    const left = new Map(messages.map(({ cursor, json }) => [cursor, json]));
    assert.equal(left.size, messages.length, "no cursor stands twice");
    for (const { appended, drafts } of stored) {
      const at = messages.findIndex(({ cursor }) => cursor === appended?.cursors[0]);
      const found = messages.slice(at, at + drafts.length);
      assert.deepEqual(
        found.map(({ cursor, json }) => [cursor, json]),
        drafts.map(({ json }, i) => [appended?.cursors[i], json]),
      );
      for (const { cursor } of found) assert.ok(left.delete(cursor), "no message is two appends'");
    }
    assert.equal(left.size, 0, "nothing is there that nobody was told of");
    for (const outcome of outcomes) this.#explainOne(outcome, stored, messages[0]?.cursor);
  }

  #explainOne({ options, appended, refused }: Outcome, stored: readonly Outcome[], first?: Cursor): void {
    const { key, after } = options;
    if (key) {
      const original = stored.filter((other) => other.options.key?.id === key.id);
      assert.equal(original.length, 1, "a key is stored once");
      assert.deepEqual({ ...appended, replayed: true }, { ...original[0]?.appended, replayed: true });
    } else if (after === undefined) {
      assert.equal(refused, undefined);
    } else if (appended) {
      assert.equal(after, this.#end, "a former end lets nothing through");
      assert.equal(appended.cursors[0], first, "it stands right behind the end that it named");
    } else {
      assert.equal(refused, "not-at-end");
      assert.ok(after !== this.#end || stored.length > 0, "refused for an append that came before");
    }
  }
}

async function outcomeOf(attempt: Attempt): Promise<Outcome> {
  const { log, drafts, options } = attempt;
  return log.append(CHANNEL, drafts, options).then(
    (appended) => ({ ...attempt, appended }),
    (error: ProtocolError) => ({ ...attempt, refused: error.code ?? String(error) }),
  );
}

/**
 * Let appends race as `choices` say, at several nodes where the harness has them. Some order of the appends has to
 * explain what is there, and what each was answered.
 */
export async function checkRace(harness: LogHarness, choices: readonly number[]): Promise<void> {
  const subject = await Subject.create(harness);
  try {
    const others =
      harness.lacks?.another === undefined ? [await subject.another(), await subject.another()] : [];
    await new Race([subject.log, ...others], new Choices(choices), await startOf(subject.log, CHANNEL)).run();
  } finally {
    await subject.dispose();
  }
}
