import assert from "node:assert/strict";
import type { Appended, AppendOptions, Log } from "@tidemark/log";
import type { Cursor, ProtocolError, RawDraft } from "@tidemark/protocol";
import type { LogHarness } from "../harness.ts";
import { readAll, startOf } from "../steps.ts";
import { Subject } from "../subject.ts";
import { Choices } from "./choices.ts";

const CHANNEL = "race";
const MOST_AT_ONCE = 7;

interface Attempt {
  readonly log: Log;
  readonly drafts: readonly RawDraft[];
  readonly options: AppendOptions;
}

/** The outcome of an attempt: its answer, or the code of the error. */
type Outcome = Attempt & { readonly appended?: Appended; readonly refused?: string };

/**
 * Rounds of concurrent appends. After each round, some order of the appends must explain the log's contents.
 */
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
    // Await all together: if one page fails, a page awaited later would be an unhandled rejection.
    const pages = await Promise.all(this.#nodes.map((log) => readAll(log, CHANNEL, this.#end)));
    const [page] = pages;
    assert.ok(page, "a race has at least one node");
    for (const other of pages) assert.deepEqual(other, page, "every node reads the same");
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
    // The same publish, sent more than once: its key determines its body.
    const id = `${this.#rounds}/${this.#choices.below(2)}`;
    return { log, drafts: [{ json: `"${id}"` }], options: { key: { id, digest: id } } };
  }

  /**
   * The log holds exactly the acknowledged messages, once each; an append with `after` directly follows that
   * end.
   */
  #explain(
    outcomes: readonly Outcome[],
    messages: readonly { readonly cursor: Cursor; readonly json: string }[],
  ): void {
    const stored = outcomes.filter(({ appended }) => appended?.replayed === false);
    const left = new Map(messages.map(({ cursor, json }) => [cursor, json]));
    assert.equal(left.size, messages.length, "no cursor occurs twice");
    for (const { appended, drafts } of stored) {
      const at = messages.findIndex(({ cursor }) => cursor === appended?.cursors[0]);
      const found = messages.slice(at, at + drafts.length);
      assert.deepEqual(
        found.map(({ cursor, json }) => [cursor, json]),
        drafts.map(({ json }, i) => [appended?.cursors[i], json]),
      );
      for (const { cursor } of found) assert.ok(left.delete(cursor), "no message belongs to two appends");
    }
    assert.equal(left.size, 0, "the log holds only acknowledged messages");
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
      assert.equal(after, this.#end, "an append after a former end is rejected");
      assert.equal(appended.cursors[0], first, "it directly follows the end that it named");
    } else {
      assert.equal(refused, "not-at-end");
      assert.ok(
        after !== this.#end || stored.length > 0,
        "an append was rejected although the end was unchanged",
      );
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
 * Run the concurrent appends that `choices` encode, on several nodes if the harness has them. Some order of
 * the appends must explain the log's contents and every answer.
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
