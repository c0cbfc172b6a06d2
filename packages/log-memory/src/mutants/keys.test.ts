import { type Appended, type AppendOptions, keyReusedError, type ReadOptions } from "@tidemark/log";
import type { Position, RawDraft, RawPage } from "@tidemark/protocol";
import { test } from "uvu";
import { RememberedAppends } from "../store/remembered-appends.ts";
import { type Killing, killedIn, Mutant, turn } from "./killed.ts";

const killed = killedIn(test);

type Key = NonNullable<AppendOptions["key"]>;

/** Register a fault of keys: the log uses another key than the given one. */
function miskey(
  fault: string,
  wrong: (key: Key, channel: string) => Key | undefined,
  killing: Killing,
): void {
  killed(
    fault,
    class extends Mutant {
      override append(
        channel: string,
        drafts: readonly RawDraft[],
        options: AppendOptions = {},
      ): Promise<Appended> {
        const { key, ...rest } = options;
        const used = key && wrong(key, channel);
        return super.append(channel, drafts, used ? { ...rest, key: used } : rest);
      }
    },
    killing,
  );
}

miskey("keys are ignored", () => undefined, {
  by: "keys: a repeated key and body return the first answer and store nothing",
  topics: ["keys", "retention"],
});

miskey("the body is not compared", ({ id }) => ({ id, digest: "" }), {
  by: "keys: a repeated key with another body is rejected",
  topics: ["keys"],
});

miskey("another body makes another key", ({ id, digest }) => ({ id: `${id} ${digest}`, digest }), {
  by: "keys: a repeated key with another body is rejected",
  topics: ["keys"],
});

miskey("keys are compared in lower case", ({ id, digest }) => ({ id: id.toLowerCase(), digest }), {
  by: "keys: ids are compared exactly",
  topics: ["keys"],
});

miskey("keys are compared without blanks", ({ id, digest }) => ({ id: id.trim(), digest }), {
  by: "keys: ids are compared exactly",
  topics: ["keys"],
});

miskey("long keys are cut", ({ id, digest }) => ({ id: id.slice(0, 600), digest }), {
  by: "keys: ids are compared exactly",
  topics: ["keys"],
});

/** Register a fault of remembering keys: they are stored under other names. */
function misremember(fault: string, nameOf: (epoch: string) => string, killing: Killing): void {
  killed(
    fault,
    class extends Mutant {
      override append(
        channel: string,
        drafts: readonly RawDraft[],
        options?: AppendOptions,
      ): Promise<Appended> {
        rename(this.store.appends, nameOf);
        return super.append(channel, drafts, options);
      }
    },
    killing,
  );
}

const renamed = new WeakSet<RememberedAppends>();

function rename(appends: RememberedAppends, nameOf: (epoch: string) => string): void {
  if (renamed.has(appends)) return;
  renamed.add(appends);
  const { recall, remember } = RememberedAppends.prototype;
  appends.recall = (epoch, key, nowMs) => recall.call(appends, nameOf(epoch), key, nowMs);
  appends.remember = (key, written, nowMs) =>
    remember.call(appends, key, { ...written, epoch: nameOf(written.epoch) }, nowMs);
}

misremember("channels share their keys", () => "everywhere", {
  by: "keys: a key is scoped to its channel",
});

killed(
  "a key outlives the channel",
  class extends Mutant {
    readonly #answers = new Map<string, Appended>();
    override async append(
      channel: string,
      drafts: readonly RawDraft[],
      options?: AppendOptions,
    ): Promise<Appended> {
      const name = JSON.stringify([channel, options?.key]);
      const answer = this.#answers.get(name);
      if (answer && this.store.get(channel).retained.endSeq === 0) return { ...answer, replayed: true };
      const appended = await super.append(channel, drafts, options);
      if (options?.key && drafts.length > 0) this.#answers.set(name, appended);
      return appended;
    }
  },
  { by: "keys: a key is scoped to its epoch", topics: ["keys"] },
);

killed(
  "a key never expires",
  class extends Mutant {
    readonly #digests = new Map<string, string>();
    override async append(
      channel: string,
      drafts: readonly RawDraft[],
      options?: AppendOptions,
    ): Promise<Appended> {
      const { key } = options ?? {};
      const { epoch } = this.store.get(channel);
      const name = `${epoch} ${key?.id}`;
      const known = key && this.#digests.get(name);
      if (known !== undefined && known !== key?.digest) throw keyReusedError();
      const appended = await super.append(channel, drafts, options);
      if (key) this.#digests.set(name, key.digest);
      return appended;
    }
  },
  { by: "keys: an expired key counts as new", topics: ["keys"] },
);

const NOTHING = { tag: "", endSeq: 0, count: 0, cursor: "", closed: false };

killed(
  "a rejected append is remembered",
  class extends Mutant {
    override async append(
      channel: string,
      drafts: readonly RawDraft[],
      options?: AppendOptions,
    ): Promise<Appended> {
      const { epoch } = this.store.get(channel);
      try {
        return await super.append(channel, drafts, options);
      } catch (error) {
        if (options?.key) this.store.appends.remember(options.key, { ...NOTHING, epoch }, 0);
        throw error;
      }
    }
  },
  { by: "keys: only successful appends are remembered", topics: ["keys"] },
);

/** Register a fault of order: the key is checked only if `isFirst` is false. */
function checkedLate(
  fault: string,
  isLate: (log: Mutant, channel: string, options: AppendOptions) => boolean,
  killing: Killing,
): void {
  killed(
    fault,
    class extends Mutant {
      override append(
        channel: string,
        drafts: readonly RawDraft[],
        options: AppendOptions = {},
      ): Promise<Appended> {
        const { key: _, ...rest } = options;
        return super.append(channel, drafts, isLate(this, channel, options) ? rest : options);
      }
    },
    killing,
  );
}

checkedLate("closed is checked before the key", ({ store }, channel) => store.get(channel).closed, {
  by: "keys: the key is checked before closed, so a publish-and-close can be retried",
  topics: ["keys"],
});

checkedLate(
  "`after` is checked before the key",
  ({ store }, channel, { after }) => after !== undefined && after !== store.get(channel).retained.end,
  { by: "keys: the key is checked before `after`, so an append-only-after can be retried", topics: ["keys"] },
);

killed(
  "a replay returns the present end",
  class extends Mutant {
    override async append(
      channel: string,
      drafts: readonly RawDraft[],
      options?: AppendOptions,
    ): Promise<Appended> {
      const appended = await super.append(channel, drafts, options);
      return appended.replayed ? { ...appended, cursor: this.store.get(channel).retained.end } : appended;
    }
  },
  { by: "keys: a replay returns the end of the first answer", topics: ["keys"] },
);

killed(
  "a key is remembered a turn after its append",
  class extends Mutant {
    override async append(
      channel: string,
      drafts: readonly RawDraft[],
      options: AppendOptions = {},
    ): Promise<Appended> {
      const { key, ...rest } = options;
      if (key === undefined || this.store.appends.recall(this.store.get(channel).epoch, key, 0)) {
        return super.append(channel, drafts, options);
      }
      const appended = await super.append(channel, drafts, rest);
      await turn();
      const { epoch, retained } = this.store.get(channel);
      const [, , tag = ""] = appended.cursor.split(".");
      const written = { epoch, tag, endSeq: retained.endSeq, count: drafts.length };
      this.store.appends.remember(key, { ...written, cursor: appended.cursor, closed: appended.closed }, 0);
      return appended;
    }
  },
  { by: "keys: concurrent appends with the same key are stored once" },
);

killed(
  "a restart forgets keys but keeps messages",
  class extends Mutant {
    readonly #run = Math.random();
    override append(
      channel: string,
      drafts: readonly RawDraft[],
      options: AppendOptions = {},
    ): Promise<Appended> {
      const { key, ...rest } = options;
      const own = key && { ...key, id: `${this.#run} ${key.id}` };
      return super.append(channel, drafts, own ? { ...rest, key: own } : rest);
    }
  },
  { by: "restarting: a key is remembered as long as its messages", topics: ["restarting"], durable: true },
);

killed(
  "a restart forgets that a channel was closed",
  class extends Mutant {
    readonly #seen = new Set<string>();
    override read(channel: string, from: Position, options: ReadOptions): Promise<RawPage> {
      if (!this.#seen.has(channel)) this.store.get(channel).closed &&= this.#seen.size > 0;
      return super.read(channel, from, options);
    }
    override append(...args: Parameters<Mutant["append"]>): Promise<Appended> {
      this.#seen.add(args[0]);
      return super.append(...args);
    }
  },
  { by: "restarting: the channel is either complete or gone", topics: ["restarting"], durable: true },
);

test.run();
