import type { Appended, AppendOptions, Unwatch } from "@tidemark/log";
import type { RawDraft } from "@tidemark/protocol";
import { test } from "uvu";
import { killedIn, Mutant, turn } from "./killed.ts";

const killed = killedIn(test);

const MISSES_NOTHING = "watching: a reader that relies on wake-ups misses nothing";

killed(
  "every third wake-up is lost",
  class extends Mutant {
    override async watch(channel: string, wake: () => void): Promise<Unwatch> {
      let count = 0;
      return super.watch(channel, () => {
        count += 1;
        if (count % 3 !== 0) wake();
      });
    }
  },
  { by: MISSES_NOTHING, topics: ["watching"] },
);

killed(
  "the first wake-up of an unwritten channel is lost",
  class extends Mutant {
    override async watch(channel: string, wake: () => void): Promise<Unwatch> {
      let skip = this.store.get(channel).retained.endSeq === 0;
      return super.watch(channel, () => {
        if (!skip) wake();
        skip = false;
      });
    }
  },
  {
    by: "watching: each append wakes watchers, including the first to an unwritten channel",
    topics: ["watching"],
  },
);

killed(
  "a watch resolves before it is established",
  class extends Mutant {
    override async watch(channel: string, wake: () => void): Promise<Unwatch> {
      const established = turn().then(() => super.watch(channel, wake));
      return async () => (await established)();
    }
  },
  { by: "watching: no change is missed once a watch is established" },
);

killed(
  "a change wakes only before it is readable",
  class extends Mutant {
    readonly #wakes = new Set<() => void>();
    override async watch(_: string, wake: () => void): Promise<Unwatch> {
      const own = (): void => wake();
      this.#wakes.add(own);
      return async () => void this.#wakes.delete(own);
    }
    override async append(
      channel: string,
      drafts: readonly RawDraft[],
      options?: AppendOptions,
    ): Promise<Appended> {
      for (const wake of this.#wakes) wake();
      await turn();
      return super.append(channel, drafts, options);
    }
    override async dispose(): Promise<void> {
      this.#wakes.clear();
      return super.dispose();
    }
  },
  { by: "watching: each append wakes watchers, including the first to an unwritten channel" },
);

killed(
  "closing wakes nobody",
  class extends Mutant {
    #quiet = false;
    override async append(
      channel: string,
      drafts: readonly RawDraft[],
      options?: AppendOptions,
    ): Promise<Appended> {
      this.#quiet = options?.close === true;
      return super.append(channel, drafts, options);
    }
    override async watch(channel: string, wake: () => void): Promise<Unwatch> {
      return super.watch(channel, () => {
        if (!this.#quiet) wake();
      });
    }
  },
  { by: "watching: closing wakes watchers", topics: ["watching"] },
);

killed(
  "removal wakes nobody",
  class extends Mutant {
    override async remove(channel: string): Promise<boolean> {
      return this.store.remove(channel);
    }
  },
  { by: "watching: removal wakes watchers", topics: ["watching"] },
);

killed(
  "a channel has only one watch",
  class extends Mutant {
    readonly #ends = new Map<string, Unwatch>();
    override async watch(channel: string, wake: () => void): Promise<Unwatch> {
      await this.#ends.get(channel)?.();
      const end = await super.watch(channel, wake);
      this.#ends.set(channel, end);
      return end;
    }
  },
  { by: "watching: every watch of a channel is woken, and only by that channel", topics: ["watching"] },
);

killed(
  "unwatch does not end the watch",
  class extends Mutant {
    override async watch(channel: string, wake: () => void): Promise<Unwatch> {
      await super.watch(channel, wake);
      return async () => {};
    }
  },
  { by: "watching: an ended watch is never woken again", topics: ["watching"] },
);

killed(
  "a pending wake-up arrives after unwatch",
  class extends Mutant {
    override async watch(channel: string, wake: () => void): Promise<Unwatch> {
      let isEnded = false;
      const end = await super.watch(channel, () => {
        if (!isEnded) wake();
      });
      return async () => {
        queueMicrotask(() => {
          isEnded = true;
          void end();
        });
      };
    }
  },
  { by: "watching: a pending wake-up does not arrive after unwatch", topics: ["watching"] },
);

killed(
  "unwatch ends every watch of the same function",
  class extends Mutant {
    readonly #ends = new Map<() => void, Unwatch[]>();
    override async watch(channel: string, wake: () => void): Promise<Unwatch> {
      const ends = this.#ends.get(wake) ?? [];
      this.#ends.set(wake, ends);
      ends.push(await super.watch(channel, wake));
      return async () => {
        for (const end of ends) await end();
      };
    }
  },
  { by: "watching: the same function can watch several times", topics: ["watching"] },
);

killed(
  "disposing does not end watches",
  class extends Mutant {
    override async dispose(): Promise<void> {}
  },
  {
    by: "watching: disposing ends all watches, and later calls are rejected",
    topics: ["restarting", "watching"],
  },
);

test.run();
