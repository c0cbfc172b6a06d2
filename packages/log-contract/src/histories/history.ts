import assert from "node:assert/strict";
import type { AppendOptions } from "@tidemark/log";
import type { Cursor, RawDraft } from "@tidemark/protocol";
import type { LogHarness } from "../harness.ts";
import { dataOf, isGap, readAll, refused, sameAnswer, startOf } from "../steps.ts";
import { Subject } from "../subject.ts";
import { Choices } from "./choices.ts";
import { ModelChannel, type Place } from "./model.ts";

const CHANNELS = ["one", "two"] as const;

type Channel = (typeof CHANNELS)[number];

/** Applies the same operations to a log and its model. */
class History {
  readonly #subject: Subject;
  readonly #choices: Choices;
  readonly #lacks: NonNullable<LogHarness["lacks"]>;
  readonly #models = new Map<Channel, ModelChannel>();
  /** Every position that was ever issued, valid or not. */
  readonly #known: [Place, ...Place[]] = [{ cursor: "never.given.out" }];
  /** The page that was read at each revision. */
  readonly #answers = new Map<string, string>();
  #drafts = 0;
  #keys = 0;

  constructor(subject: Subject, choices: Choices, lacks: NonNullable<LogHarness["lacks"]>) {
    this.#subject = subject;
    this.#choices = choices;
    this.#lacks = lacks;
  }

  async run(): Promise<void> {
    for (const channel of CHANNELS) await this.#begin(channel);
    while (!this.#choices.done) {
      const channel = this.#choices.of(CHANNELS);
      await this.#step(channel);
      await this.#compare(channel);
    }
    for (const channel of CHANNELS) await this.#compare(channel);
  }

  async #step(channel: Channel): Promise<void> {
    const step = this.#choices.below(16);
    if (step < 6) return this.#append(channel);
    if (step < 12) return this.#read(channel);
    if (step === 12) return this.#remove(channel);
    if (step === 13) return this.#trim(channel);
    if (step === 14) return this.#lose(channel);
    return this.#restart();
  }

  async #append(channel: Channel): Promise<void> {
    const { log } = this.#subject;
    const model = this.#model(channel);
    const drafts: RawDraft[] = Array.from({ length: this.#choices.below(4) }, () => ({
      json: `${++this.#drafts}`,
    }));
    const options = this.#appendOptions(model);
    const outcome = model.judge(drafts, options);
    const attempt = log.append(channel, drafts, options);
    if ("refused" in outcome) {
      await refused(outcome.refused, attempt);
      return;
    }
    const appended = await attempt;
    if ("replay" in outcome) return sameAnswer(appended, outcome.replay);
    this.#known.push(...model.store(drafts, options, appended));
    assert.equal(new Set(appended.cursors).size, drafts.length);
    assert.deepEqual(
      [appended.cursor, appended.closed, appended.replayed],
      [model.end.cursor, model.closed, false],
    );
  }

  #appendOptions(model: ModelChannel): AppendOptions {
    const close = this.#choices.below(8) === 7;
    const after = [
      undefined,
      undefined,
      model.end.cursor,
      this.#choices.of(this.#known).cursor,
      "end" as const,
    ][this.#choices.below(5)];
    const key = this.#key(model);
    return {
      ...(close ? { close } : {}),
      ...(after === undefined ? {} : { after }),
      ...(key ? { key } : {}),
    };
  }

  #key(model: ModelChannel): AppendOptions["key"] {
    const use = this.#choices.below(6);
    if (use < 3) return undefined;
    const known = model.keyIds[this.#choices.below(Math.max(1, model.keyIds.length))];
    if (use === 3 || known === undefined) return { id: `key-${++this.#keys}`, digest: "digest" };
    return { id: known, digest: use === 4 ? "digest" : "other" };
  }

  async #read(channel: Channel): Promise<void> {
    const { log } = this.#subject;
    const { places, closed } = this.#model(channel);
    const place = this.#choices.of(this.#known);
    const index = places.indexOf(place);
    if (index < 0) return isGap(log, channel, place.cursor);
    const maxMessages = 1 + this.#choices.below(4);
    const expected = places.slice(index + 1, index + 1 + maxMessages);
    const more = index + 1 + maxMessages < places.length;
    assert.deepEqual(await log.read(channel, place.cursor, { maxMessages }), {
      messages: expected.map(({ cursor, draft }) => ({ cursor, ...draft })),
      from: place.cursor,
      cursor: expected.at(-1)?.cursor ?? place.cursor,
      more,
      closed: closed && !more,
    });
  }

  async #remove(channel: Channel): Promise<void> {
    const model = this.#model(channel);
    const existed = await this.#subject.log.remove(channel);
    if (model.length > 0 || model.closed) assert.equal(existed, true);
    if (existed) await this.#begin(channel);
  }

  async #trim(channel: Channel): Promise<void> {
    if (this.#lacks.trim !== undefined) return;
    const keepLast = this.#choices.below(4);
    await this.#subject.trim(channel, keepLast);
    this.#model(channel).trim(keepLast);
  }

  async #lose(channel: Channel): Promise<void> {
    const model = this.#model(channel);
    if (this.#lacks.lose !== undefined || model.length === 0) return;
    const count = 1 + this.#choices.below(model.length);
    await this.#subject.lose(channel, count);
    model.lose(count);
  }

  async #restart(): Promise<void> {
    if (this.#lacks.restart !== undefined) return;
    await this.#subject.restart();
    if (this.#subject.durable) return;
    for (const channel of CHANNELS) await this.#begin(channel);
  }

  /** Begin a new epoch of the channel: no position known so far belongs to it. */
  async #begin(channel: Channel): Promise<void> {
    const zero = await startOf(this.#subject.log, channel);
    this.#assertNew(zero);
    const model = new ModelChannel(zero);
    this.#models.set(channel, model);
    this.#known.push(...model.places);
  }

  #assertNew(cursor: Cursor): void {
    assert.ok(!this.#known.some((place) => place.cursor === cursor), "no cursor is issued twice");
  }

  async #compare(channel: Channel): Promise<void> {
    const { places, closed, end } = this.#model(channel);
    const { log } = this.#subject;
    const revision = log.revision?.(channel);
    const page = await readAll(log, channel);
    if (revision !== undefined) this.#sameAtRevision(`${channel} ${revision}`, JSON.stringify(page));
    assert.deepEqual(
      { data: dataOf(page), from: page.from, cursor: page.cursor, closed: page.closed },
      {
        data: places.slice(1).map(({ draft }) => draft?.json),
        from: places[0]?.cursor,
        cursor: end.cursor,
        closed,
      },
    );
  }

  /** All reads at one revision return the same page, whatever was done in between. */
  #sameAtRevision(revision: string, page: string): void {
    assert.equal(page, this.#answers.get(revision) ?? page);
    this.#answers.set(revision, page);
  }

  #model(channel: Channel): ModelChannel {
    const model = this.#models.get(channel);
    assert.ok(model, `no model of ${channel}`);
    return model;
  }
}

/**
 * Apply the operations that `choices` encode to a log, and compare each answer with the model's. Any array of
 * numbers is a valid history, and fewer or smaller numbers give a simpler one: pass arrays from a
 * property-testing library.
 */
export async function checkHistory(harness: LogHarness, choices: readonly number[]): Promise<void> {
  const subject = await Subject.create(harness);
  try {
    await new History(subject, new Choices(choices), harness.lacks ?? {}).run();
  } finally {
    await subject.dispose();
  }
}
